import type { ProviderModel } from "@plugboard/core";
import type { ApiKey, WireOptions } from "@plugboard/wire";
import type { Decoding } from "./decode.ts";
import { checkBaseURL, defineProviderModel, keyFrom } from "@plugboard/wire";
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
export function chatModel(id: string, options: ChatModelOptions): ProviderModel {
  const { apiKey, catalogId, ...wire } = options;
  const baseURL = checkBaseURL(options.baseURL ?? "https://api.cohere.com");

  async function authorize(): Promise<Record<string, string>> {
    const key = await keyFrom({ apiKey, env: ["COHERE_API_KEY", "CO_API_KEY"], provider: owner });
    return { authorization: `Bearer ${key.reveal()}` };
  }

  return defineProviderModel({
    provider: owner,
    id,
    catalogId,
    fingerprint: `${owner}:${id}@${baseURL}#chat-v2/${mapping}`,
    prepare(request) {
      const { body, warnings, names } = encodeChat(request, { model: id, catalogId });
      const decoding: Decoding = { model: id, toolName: (wireName) => names.toOurs(wireName) };
      return {
        url: `${baseURL}/v2/chat`,
        authorize,
        body,
        options: wire,
        warnings,
        ...(request.stream && { stream: { framing: "sse", decoder: (head) => chatDecoder(head, decoding) } }),
        whole: (answer, head) => decodeChat(answer, head, decoding),
        failures,
      };
    },
  });
}
