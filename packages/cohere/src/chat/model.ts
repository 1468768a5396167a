import type { ProviderModel } from "@plugboard/core";
import { defineProviderModel, sse } from "@plugboard/wire";
import type { CohereOptions } from "../account.ts";
import { accountOf, owner } from "../account.ts";
import { failures } from "../failures.ts";
import type { Decoding } from "./decode.ts";
import { chatDecoder, decodeChat } from "./decode.ts";
import { encodeChat } from "./encode.ts";

/** Raised whenever the same request is written, or the same answer read, in another way: it keeps cached answers apart. */
const mapping = 1;

/** A model behind `/v2/chat`. */
export function chatModel(id: string, given: CohereOptions): ProviderModel {
  const { catalogId } = given;
  const { baseURL, authorize, options } = accountOf(given);
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
        options,
        warnings,
        ...(request.stream && { stream: { framing: sse, decoder: (head) => chatDecoder(head, decoding) } }),
        whole: (answer, head) => decodeChat(answer, head, decoding),
        failures,
      };
    },
  });
}
