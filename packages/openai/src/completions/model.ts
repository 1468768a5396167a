import type { ModelRequest, ProviderModel } from "@plugboard/core";
import { defineProviderModel } from "@plugboard/wire";
import type { PreparedExchange, WireOptions } from "@plugboard/wire";
import type { Decoding } from "../chat-completions/answer-reader.ts";
import type { ChatDialect } from "../chat-completions/dialect.ts";
import { unauthorized } from "../chat-completions/model.ts";
import type { Address } from "../shared/vendor-address.ts";
import { completionStreamDecoder, decodeCompletion } from "./decode.ts";
import { encodeCompletion } from "./encode.ts";

/** Counted up when the same request would be sent, or the same answer read, otherwise than before: caches look at it. */
const mapping = 1;

/** What a model of the protocol is made of. */
export interface CompletionParts extends Address {
  readonly dialect: ChatDialect;
  readonly id: string;
  /** The catalogue's name for it, where `id` is not one; also what the dialect's rules are looked up by. */
  readonly catalogId?: string | undefined;
  readonly options: WireOptions;
}

/** Joins the mappings of the protocol to the wire. */
export function completionModel(parts: CompletionParts): ProviderModel {
  const { dialect, id, catalogId, place } = parts;
  const { provider } = dialect;
  const fingerprint = `${provider}:${id}@${place}#completions/${mapping}`;
  return defineProviderModel({ provider, id, catalogId, fingerprint, prepare: prepareCompletion(parts) });
}

/** The same without a model around it, for one that chats otherwise. */
export function prepareCompletion(parts: CompletionParts): (request: ModelRequest) => PreparedExchange {
  const { dialect, id, catalogId, options, url, authorize } = parts;
  const { failures = [] } = dialect;
  const decoding: Decoding = { dialect: { ...dialect, thinkTags: false }, model: id };
  return (request) => {
    const { body, warnings } = encodeCompletion(request, { dialect, model: id, catalogId });
    return {
      url: url(),
      ...(authorize && { authorize }),
      body,
      options,
      warnings,
      ...(request.stream && {
        stream: { framing: "sse", decoder: (start) => completionStreamDecoder(decoding, start) },
      }),
      whole: (answer, start) => decodeCompletion(answer, decoding, start),
      failures: [...failures, unauthorized],
    };
  };
}
