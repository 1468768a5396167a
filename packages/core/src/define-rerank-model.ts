import type { Call, Callable, Middleware } from "./callable.ts";
import type { RerankModel, RerankRequest, RerankResult } from "./rerank-model.ts";
import { checkRerank } from "./check-rerank.ts";
import { ModelError } from "./error.ts";
import { defaultFingerprint } from "./fingerprint.ts";
import { outermostWhole } from "./outermost.ts";
import { wholeLeaf } from "./whole-leaf.ts";

/** What a rerank model is made of. */
export interface RerankModelParts {
  readonly provider: string;
  readonly id: string;
  readonly call: Call<RerankRequest, RerankResult>;
  /** What it stands in front of. Without any it is a leaf: `admit` is asked, and each call is an attempt. */
  readonly models?: readonly Callable<RerankRequest, RerankResult>[];
  readonly catalogId?: string | undefined;
  /** @default provider and id, with the fingerprints of `models` */
  readonly fingerprint?: string;
}

/**
 * Makes a rerank model of a call: the last step of every adapter and combinator.
 *
 * @example
 * const model = defineRerankModel({ provider: "acme", id: "rerank-1", call: (request) => rankWithAcme(request) });
 * const { ranking } = await model.rerank({ query: "a river", documents: ["the Nile", "Everest"] });
 */
export function defineRerankModel(parts: RerankModelParts): RerankModel {
  const { provider, id, models = [], catalogId } = parts;
  const fingerprint = parts.fingerprint ?? defaultFingerprint(parts);
  const call = models.length > 0 ? parts.call : rerankLeaf(parts);
  return {
    provider,
    id,
    ...(catalogId !== undefined && { catalogId }),
    fingerprint,
    models,
    call,
    async rerank(request) {
      checkRerank(request);
      return outermostWhole(call, request);
    },
    with(...middleware: readonly Middleware<RerankModel>[]) {
      let model: RerankModel = this;
      for (const layer of middleware.toReversed()) {
        model = defineRerankModel({ provider, id, catalogId, fingerprint, models: [model], call: layer(model) });
      }
      return model;
    },
  };
}

function rerankLeaf(parts: RerankModelParts): Call<RerankRequest, RerankResult> {
  return wholeLeaf<RerankRequest, RerankResult>({
    ...parts,
    async call(request) {
      const result = await parts.call(request);
      const places = request.documents.length;
      const wrong = result.ranking.find(({ index }) => !Number.isInteger(index) || index < 0 || index >= places);
      if (!wrong) return result;
      const { provider, id: model } = parts;
      const message = `${provider} ranked document ${wrong.index}; there are ${places}, from 0 on.`;
      throw new ModelError(message, { code: "parse", provider, model });
    },
  });
}
