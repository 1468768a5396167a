import type { ProviderEmbeddingModel } from "@plugboard/core";
import type { WireOptions } from "@plugboard/wire";
import { defineProviderEmbeddingModel } from "@plugboard/wire";
import { addressOf } from "../generate-content/address.ts";
import type { Located } from "../generate-content/address.ts";
import { decodeEmbedding } from "./decode.ts";
import type { EmbeddingDialect } from "./dialect.ts";
import { rulesOf } from "./dialect.ts";
import { encodeEmbedding } from "./encode.ts";

/** Raised whenever the same texts are written, or the same answer read, in another way: it keeps cached answers apart. */
const mapping = 1;

/** What an embedding model of Google's is made of. */
export interface EmbeddingParts extends Located {
  readonly embeddings: EmbeddingDialect;
  readonly options: WireOptions;
}

/** Joins the mappings of embeddings to the wire. */
export function embeddingModel({ embeddings, options, ...located }: EmbeddingParts): ProviderEmbeddingModel {
  const { id, dialect } = located;
  const { provider } = dialect;
  const { place, authorize } = addressOf(located);
  const rules = rulesOf(embeddings, id);

  return defineProviderEmbeddingModel({
    provider,
    id,
    fingerprint: `${provider}:${id}@${place}#embeddings/${mapping}`,
    batch: rules.batch,
    prepare(request) {
      const { method, body } = encodeEmbedding(request, rules, id);
      return {
        url: `${place}:${method}`,
        authorize,
        body,
        options,
        warnings: [],
        whole: (answer, start) => decodeEmbedding(answer, { provider, model: id, method }, start),
      };
    },
  });
}
