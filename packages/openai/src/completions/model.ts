import type { ModelRequest, ProviderModel } from "@plugboard/core";
import { defineProviderModel } from "@plugboard/wire";
import type { PreparedExchange } from "@plugboard/wire";
import type { Decoding } from "../chat-completions/answer-reader.ts";
import type { ChatDialect } from "../chat-completions/dialect.ts";
import { unauthorized } from "../chat-completions/model.ts";
import { exchangeOf } from "../shared/model-parts.ts";
import type { ModelParts } from "../shared/model-parts.ts";
import { completionStreamDecoder, decodeCompletion } from "./decode.ts";
import { encodeCompletion } from "./encode.ts";

/** Counted up when the same request would be sent, or the same answer read, otherwise than before: caches look at it. */
const mapping = 1;

/** Joins the mappings of the protocol to the wire. */
export function completionModel(parts: ModelParts<ChatDialect>): ProviderModel {
  const { dialect, id, catalogId, place } = parts;
  const { provider } = dialect;
  const fingerprint = `${provider}:${id}@${place}#completions/${mapping}`;
  return defineProviderModel({ provider, id, catalogId, fingerprint, prepare: prepareCompletion(parts) });
}

/** The same without a model around it, for one that chats otherwise. */
export function prepareCompletion(parts: ModelParts<ChatDialect>): (request: ModelRequest) => PreparedExchange {
  const { dialect, id, catalogId } = parts;
  const { failures = [] } = dialect;
  const { thinkTags: _, ...plain } = dialect;
  const decoding: Decoding = { dialect: plain, model: id };
  return (request) =>
    exchangeOf(parts, request, {
      ...encodeCompletion(request, { dialect, model: id, catalogId }),
      decoder: (start) => completionStreamDecoder(decoding, start),
      whole: (answer, start) => decodeCompletion(answer, decoding, start),
      failures: [...failures, unauthorized],
    });
}
