import type { ModelRequest, ProviderModel } from "@plugboard/core";
import type { ApiKey, PreparedExchange, WireOptions } from "@plugboard/wire";
import type { DecodeContext } from "./decode.ts";
import type { MessagesDialect } from "./dialect.ts";
import { checkBaseURL, defineProviderModel, keyFrom } from "@plugboard/wire";
import { decodeMessage, messageDecoder } from "./decode.ts";
import { encodeRequest } from "./encode.ts";
import { failures } from "./failures.ts";

/** What every platform that speaks the messages protocol can be given. */
export interface MessagesOptions extends WireOptions {
  readonly apiKey?: ApiKey;
  readonly baseURL?: string | URL;
  readonly version?: string;
  readonly beta?: readonly string[];
}

/** Raised whenever the same request is written, or the same answer read, in another way: it keeps cached answers apart. */
const mapping = 1;

/** Answers that may grow longer than this are streamed, whoever reads: Anthropic bounds an answer in one body to ten minutes. */
const longestWhole = 21_333;

/** A model behind the messages protocol, on the platform that the dialect describes. */
export function messagesModel(id: string, options: MessagesOptions, dialect: MessagesDialect): ProviderModel {
  const { apiKey, version = dialect.version.default, beta = [], ...wire } = options;
  const baseURL = checkBaseURL(options.baseURL ?? dialect.baseURL);
  const { provider, keyVariable } = dialect;

  const fingerprint = `${provider}:${id}@${baseURL}#${[version, ...beta].join("+")}/${mapping}`;
  const fixedHeaders = {
    ...(dialect.version.in === "header" && { [dialect.version.name]: version }),
    ...(dialect.beta.in === "header" && beta.length > 0 && { [dialect.beta.name]: beta.join(",") }),
  };

  async function authorize(): Promise<Record<string, string>> {
    const key = await keyFrom({ apiKey, env: keyVariable, provider });
    return { [dialect.auth.header]: `${dialect.auth.scheme ?? ""}${key.reveal()}` };
  }

  function prepare(request: ModelRequest): PreparedExchange {
    const encoded = encodeRequest(request, { model: id, dialect, version, beta });
    const { names, outputTool, warnings, hiddenReasoning } = encoded;
    const context: DecodeContext = { provider, model: id, toolName: names.toOurs, outputTool };
    const streamed = request.stream === true || Number(encoded.body["max_tokens"]) > longestWhole;
    return {
      url: baseURL + dialect.path,
      headers: fixedHeaders,
      authorize,
      body: streamed ? { ...encoded.body, stream: true } : encoded.body,
      options: wire,
      warnings,
      ...(streamed && { stream: { framing: "sse", decoder: (head) => messageDecoder(head, context) } }),
      whole: (body, head) => decodeMessage(body, head, context),
      failures,
      hiddenReasoning,
    };
  }

  return defineProviderModel({ provider, id, fingerprint, prepare });
}
