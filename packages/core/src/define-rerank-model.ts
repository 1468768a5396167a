import type { Call } from "./callable.ts";
import type { CallableParts } from "./define-callable.ts";
import type { RerankModel, RerankRequest, RerankResult } from "./rerank-model.ts";
import { checkRerank } from "./check-rerank.ts";
import { behind, defineCallable } from "./define-callable.ts";
import { ModelError } from "./error.ts";
import { outermostWhole } from "./outermost.ts";
import { wholeLeaf } from "./whole-leaf.ts";

/** What a rerank model is made of. */
export type RerankModelParts = CallableParts<RerankRequest, RerankResult>;

/**
 * Makes a rerank model of a call: the last step of every adapter and combinator.
 *
 * @example
 * const model = defineRerankModel({ provider: "acme", id: "rerank-1", call: (request) => rankWithAcme(request) });
 * const { ranking } = await model.rerank({ query: "a river", documents: ["the Nile", "Everest"] });
 */
export function defineRerankModel(parts: RerankModelParts): RerankModel {
  const callable = defineCallable(parts, rerankLeaf);
  return {
    ...callable,
    async rerank(request) {
      checkRerank(request);
      return outermostWhole(callable.call, request);
    },
    with(...middleware) {
      return behind(this, middleware, defineRerankModel);
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
