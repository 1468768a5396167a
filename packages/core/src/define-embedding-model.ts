import type { BatchLimits } from "./embedding-batches.ts";
import type { Call, Callable, Middleware } from "./callable.ts";
import type { EmbeddingModel, EmbeddingRequest, EmbeddingResult } from "./embedding-model.ts";
import { checkEmbedding } from "./check-embedding.ts";
import { inBatches } from "./embedding-batches.ts";
import { ModelError } from "./error.ts";
import { defaultFingerprint } from "./fingerprint.ts";
import { outermostWhole } from "./outermost.ts";
import { wholeLeaf } from "./whole-leaf.ts";

/** What an embedding model is made of. */
export interface EmbeddingModelParts {
  readonly provider: string;
  readonly id: string;
  readonly call: Call<EmbeddingRequest, EmbeddingResult>;
  /** What it stands in front of. Without any it is a leaf: `admit` is asked, and each call is an attempt. */
  readonly models?: readonly Callable<EmbeddingRequest, EmbeddingResult>[];
  readonly catalogId?: string | undefined;
  /** @default provider and id, with the fingerprints of `models` */
  readonly fingerprint?: string;
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
  const { provider, id, models = [], catalogId } = parts;
  const fingerprint = parts.fingerprint ?? defaultFingerprint(parts);
  const call = models.length > 0 ? parts.call : embeddingLeaf(parts);
  return {
    provider,
    id,
    ...(catalogId !== undefined && { catalogId }),
    fingerprint,
    models,
    call,
    async embed(asked) {
      const request = isList(asked) ? { values: asked } : asked;
      checkEmbedding(request);
      return outermostWhole(call, request);
    },
    with(...middleware: readonly Middleware<EmbeddingModel>[]) {
      let model: EmbeddingModel = this;
      for (const layer of middleware.toReversed()) {
        model = defineEmbeddingModel({ provider, id, catalogId, fingerprint, models: [model], call: layer(model) });
      }
      return model;
    },
  };
}

function isList(asked: EmbeddingRequest | readonly string[]): asked is readonly string[] {
  return Array.isArray(asked);
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
