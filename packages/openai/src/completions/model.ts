import { defineModel } from "@plugboard/core";
import type { Call, Model } from "@plugboard/core";
import { exchange } from "@plugboard/wire";
import type { WireOptions } from "@plugboard/wire";
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
export function completionModel(parts: CompletionParts): Model {
  const { dialect, id, catalogId, place } = parts;
  const { provider } = dialect;
  const fingerprint = `${provider}:${id}@${place}#completions/${mapping}`;
  return defineModel({ provider, id, catalogId, fingerprint, call: completionCall(parts) });
}

/** The same without a model around it, for one that chats otherwise. */
export function completionCall({ dialect, id, catalogId, options, address }: CompletionParts): Call {
  const { provider, failures = [] } = dialect;
  const decoding: Decoding = { dialect: { ...dialect, thinkTags: false }, model: id };
  return async (request) => {
    const { url, headers } = await address();
    const { body, warnings } = encodeCompletion(request, { dialect, model: id, catalogId });
    return exchange({
      provider,
      model: id,
      url,
      headers,
      body,
      request,
      options,
      warnings,
      ...(request.stream && {
        stream: { framing: "sse", decoder: (start) => completionStreamDecoder(decoding, start) },
      }),
      whole: (answer, start) => decodeCompletion(answer, decoding, start),
      failures: [...failures, unauthorized],
    });
  };
}
