import type { BatchLimits } from "./embedding-batches.ts";
import type { Call } from "./callable.ts";
import type { CallableParts } from "./define-callable.ts";
import type { EmbeddingModel, EmbeddingRequest, EmbeddingResult } from "./embedding-model.ts";
import { askedEmbedding } from "./asked-embedding.ts";
import { behind, defineCallable } from "./define-callable.ts";
import { inBatches } from "./embedding-batches.ts";
import { ModelError } from "./error.ts";
import { outermostWhole } from "./outermost.ts";
import { wholeLeaf } from "./whole-leaf.ts";

/** What an embedding model is made of. */
export interface EmbeddingModelParts extends CallableParts<EmbeddingRequest, EmbeddingResult> {
  /** Of a leaf: what the provider takes in one request. More goes in batches, each of which is an attempt. @default no limit */
  readonly batch?: BatchLimits | undefined;
}

/**
 * Makes an embedding model of a call: the last step of every adapter and combinator.
 *
 * @example
 * const model = defineEmbeddingModel({ provider: "acme", id: "embed-1", call: (request) => embedWithAcme(request) });
 * const { embeddings } = await model.embed(["a river"]);
 */
export function defineEmbeddingModel(parts: EmbeddingModelParts): EmbeddingModel {
  const callable = defineCallable(parts, embeddingLeaf);
  return {
    ...callable,
    async embed(asked) {
      return outermostWhole(callable.call, askedEmbedding(asked));
    },
    with(...middleware) {
      return behind(this, middleware, defineEmbeddingModel);
    },
  };
}

/** How an adapter is called: every batch is an attempt of its own. */
function embeddingLeaf(parts: EmbeddingModelParts): Call<EmbeddingRequest, EmbeddingResult> {
  const call = wholeLeaf<EmbeddingRequest, EmbeddingResult>({
    ...parts,
    async call(request) {
      const result = await parts.call(request);
      const { length } = result.embeddings;
      if (length === request.values.length) return result;
      const { provider, id: model } = parts;
      const message = `${provider} answered with ${length} vectors for ${request.values.length} texts.`;
      throw new ModelError(message, { code: "parse", provider, model });
    },
  });
  return parts.batch ? inBatches(call, parts.batch) : call;
}
