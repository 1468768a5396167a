import type { ProviderEmbeddingModel } from "@plugboard/core";
import { defineProviderEmbeddingModel } from "@plugboard/wire";
import { failures } from "../chat/failures.ts";
import type { ChatModelParts } from "../chat/model.ts";
import { decodeEmbed } from "./decode.ts";
import { encodeEmbed } from "./encode.ts";

/** An embedding model behind `/api/embed`. */
export function embedModel(parts: ChatModelParts): ProviderEmbeddingModel {
  const { id, catalogId, fingerprint, address, authorize, options } = parts;
  return defineProviderEmbeddingModel({
    provider: "ollama",
    id,
    catalogId,
    fingerprint,
    prepare(request) {
      const { body, warnings } = encodeEmbed(id, request);
      return {
        url: `${address()}/api/embed`,
        authorize,
        body,
        options,
        warnings,
        whole: (answer, start) => decodeEmbed(answer, id, start),
        failures,
      };
    },
  });
}
