import type { ProviderEmbeddingModel } from "@plugboard/core";
import { defineProviderEmbeddingModel } from "@plugboard/wire";
import type { FailureRule } from "@plugboard/wire";
import type { ModelParts } from "../shared/model-parts.ts";
import { decodeEmbedding } from "./decode.ts";
import { rulesFor } from "./dialect.ts";
import type { EmbeddingDialect } from "./dialect.ts";
import { encodeEmbedding } from "./encode.ts";

/** Counted up when the same request would be sent, or the same answer read, otherwise than before: caches look at it. */
const mapping = 1;

/** What an embedding model of the protocol is made of. */
export type EmbeddingParts = ModelParts<EmbeddingDialect & { readonly failures?: readonly FailureRule[] }>;

/** Joins the mappings of embeddings to the wire. */
export function embeddingModel(given: EmbeddingParts): ProviderEmbeddingModel {
  const { dialect, id, catalogId, options, place, ...parts } = given;
  const { authorize } = parts;
  const { provider, failures } = dialect;
  const { batch } = rulesFor(dialect, catalogId ?? id);

  return defineProviderEmbeddingModel({
    provider,
    id,
    catalogId,
    fingerprint: `${provider}:${id}@${place}#embeddings/${mapping}`,
    batch,
    prepare(request) {
      const { body, warnings } = encodeEmbedding(request, { dialect, model: id, catalogId });
      return {
        url: parts.url(),
        ...(authorize && { authorize }),
        ...(parts.headers && { headers: parts.headers(body) }),
        body,
        options,
        warnings,
        whole: (answer, start) => decodeEmbedding(answer, { provider, model: id }, start),
        ...(failures && { failures }),
      };
    },
  });
}
