import type { EmbeddingModel } from "@plugboard/core";
import { defineEmbeddingModel } from "@plugboard/core";
import { exchangeWhole } from "@plugboard/wire";
import { failures } from "../chat/failures.ts";
import type { ChatModelParts } from "../chat/model.ts";
import { decodeEmbed } from "./decode.ts";
import { encodeEmbed } from "./encode.ts";

/** An embedding model behind `/api/embed`. */
export function embedModel({
  id,
  catalogId,
  fingerprint,
  address,
  authorize,
  options,
}: ChatModelParts): EmbeddingModel {
  return defineEmbeddingModel({
    provider: "ollama",
    id,
    catalogId,
    fingerprint,
    call: async (request) => {
      const { body, warnings } = encodeEmbed(id, request);
      return exchangeWhole({
        provider: "ollama",
        model: id,
        url: `${address()}/api/embed`,
        authorize,
        body,
        request,
        options,
        warnings,
        whole: (answer, start) => decodeEmbed(answer, id, start),
        failures,
      });
    },
  });
}
