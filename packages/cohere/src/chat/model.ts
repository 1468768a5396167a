import type { Model } from "@plugboard/core";
import type { ApiKey, WireOptions } from "@plugboard/wire";
import type { Decoding } from "./decode.ts";
import { defineModel } from "@plugboard/core";
import { checkBaseURL, exchange, keyFrom } from "@plugboard/wire";
import { chatDecoder, decodeChat } from "./decode.ts";
import { encodeChat } from "./encode.ts";
import { failures } from "./failures.ts";
import { owner } from "./writing.ts";

/** Raised whenever the same request is written, or the same answer read, in another way: it keeps cached answers apart. */
const mapping = 1;

/** What `/v2/chat` is spoken with. */
export interface ChatModelOptions extends WireOptions {
  readonly apiKey?: ApiKey;
  readonly baseURL?: string | URL;
  readonly catalogId?: string;
}

/** A model behind `/v2/chat`. */
export function chatModel(id: string, options: ChatModelOptions): Model {
  const { apiKey, catalogId, ...wire } = options;
  const baseURL = checkBaseURL(options.baseURL ?? "https://api.cohere.com");

  return defineModel({
    provider: owner,
    id,
    catalogId,
    fingerprint: `${owner}:${id}@${baseURL}#chat-v2/${mapping}`,
    async call(request) {
      const { body, warnings, names } = encodeChat(request, { model: id, catalogId });
      const key = await keyFrom({ apiKey, env: ["COHERE_API_KEY", "CO_API_KEY"], provider: owner });
      const decoding: Decoding = { model: id, toolName: (wireName) => names.toOurs(wireName) };
      return exchange({
        provider: owner,
        model: id,
        url: `${baseURL}/v2/chat`,
        headers: { authorization: `Bearer ${key.reveal()}` },
        body,
        request,
        options: wire,
        warnings,
        ...(request.stream && { stream: { framing: "sse", decoder: (head) => chatDecoder(head, decoding) } }),
        whole: (answer, head) => decodeChat(answer, head, decoding),
        failures,
      });
    },
  });
}
