import type { CountingModel, ModelRequest } from "@plugboard/core";
import type { PreparedCount, PreparedExchange, SentRequest, WireOptions } from "@plugboard/wire";
import type { DecodeContext } from "./decode.ts";
import type { MessagesDialect } from "./dialect.ts";
import type { EncodedRequest } from "./encode.ts";
import { defineCountingModel } from "@plugboard/wire";
import { countedModel, decodeCount, encodeCount } from "./count.ts";
import { decodeMessage } from "./decode.ts";
import { encodeRequest } from "./encode.ts";
import { failures } from "./failures.ts";

/** Where requests of a model go, and what lets them in. */
interface MessagesAddress {
  /** For the fingerprint. */
  readonly place: string;
  /** What stands before the path; found out for every call. @throws {ModelError} `invalid-request` when it is not known */
  readonly base: () => string;
  /** The headers with the key, asked for at every call. @throws {ModelError} `auth` when there is no key */
  readonly authorize?: () => Promise<Readonly<Record<string, string>>>;
  /** The same, where they depend on what is sent. */
  readonly sign?: (sent: SentRequest) => Promise<Readonly<Record<string, string>>>;
}

/** What a model of the messages protocol is made of. */
export interface MessagesModelParts {
  /** What goes on the wire. */
  readonly id: string;
  /** The catalogue's name for it, where `id` is not one; also what it takes is looked up by it. */
  readonly catalogId?: string | undefined;
  readonly dialect: MessagesDialect;
  readonly address: MessagesAddress;
  readonly version?: string | undefined;
  readonly beta?: readonly string[] | undefined;
  readonly options: WireOptions;
}

/** Raised whenever the same request is written, or the same answer read, in another way: it keeps cached answers apart. */
const mapping = 1;

/** Answers that may grow longer than this are streamed, whoever reads: Anthropic bounds an answer in one body to ten minutes. */
const longestWhole = 21_333;

/** A model behind the messages protocol, on the platform that the dialect describes. */
export function messagesModel({
  id,
  catalogId,
  dialect,
  address,
  options,
  ...parts
}: MessagesModelParts): CountingModel {
  const { version = dialect.version.default, beta = [] } = parts;
  const { provider, paths, stream } = dialect;
  const { place, base, authorize, sign } = address;
  const rules = [...(dialect.failures ?? []), ...failures];
  const shared = {
    headers: {
      ...(dialect.version.in === "header" && { [dialect.version.name]: version }),
      ...(dialect.beta.in === "header" && beta.length > 0 && { [dialect.beta.name]: beta.join(",") }),
    },
    ...(authorize && { authorize }),
    ...(sign && { sign }),
    options,
    failures: rules,
  };

  function encode(request: ModelRequest): EncodedRequest {
    return encodeRequest(request, { model: id, catalogId, dialect, version, beta });
  }

  function urlOf(path: string, model: string): string {
    return base() + path.replace("{model}", segmentOf(model));
  }

  function prepare(request: ModelRequest): PreparedExchange {
    const { body, names, outputTool, warnings, hiddenReasoning } = encode(request);
    const context: DecodeContext = { provider, model: id, rules, toolName: names.toOurs, outputTool };
    const streamed = request.stream === true || Number(body["max_tokens"]) > longestWhole;
    return {
      ...shared,
      url: urlOf(streamed ? paths.stream : paths.whole, id),
      body: streamed && !dialect.told.includes("stream") ? { ...body, stream: true } : body,
      warnings,
      ...(streamed && { stream: { ...stream, decoder: (head) => stream.decoder(head, context) } }),
      whole: (answer, head) => decodeMessage(answer, head, context),
      hiddenReasoning,
    };
  }

  function prepareCount(request: ModelRequest): PreparedCount {
    const { path, form } = paths.count;
    const { body, warnings } = encode(request);
    return {
      ...shared,
      url: urlOf(path, countedModel(form, id, catalogId)),
      body: encodeCount(body, { form, model: id, beta: beta.length > 0 }),
      warnings,
      whole: (answer) => decodeCount(answer, form),
    };
  }

  const fingerprint = `${provider}:${id}@${place}#${[version, ...beta].join("+")}/${mapping}`;
  return defineCountingModel({ provider, id, catalogId, fingerprint, prepare, prepareCount });
}

/** An id as one segment of a path; the `@` of Vertex's ids stands there as it is. */
function segmentOf(model: string): string {
  return encodeURIComponent(model).replaceAll("%40", "@");
}
