import { askedRequest } from "@plugboard/core";
import type { CountingModel, ModelRequest, ProviderModel, TokenCount } from "@plugboard/core";
import { defineProviderModel } from "./define-provider-model.ts";
import type { ProviderModelParts } from "./define-provider-model.ts";
import { exchangeWhole } from "./exchange.ts";
import type { PreparedWhole } from "./exchange.ts";
import type { WireOptions } from "./wire-options.ts";

/** What the model of an adapter is made of whose provider counts tokens. */
export interface CountingModelParts extends ProviderModelParts {
  /**
   * Writes the question how many tokens a request is, and says how its answer is read.
   *
   * @throws {ModelError} `invalid-request` or `unsupported` for what the provider cannot be asked
   */
  readonly prepareCount: (request: ModelRequest) => PreparedCount;
}

/** How a count is asked for, and its answer read. */
export type PreparedCount = PreparedWhole<TokenCount>;

/**
 * A model that counts tokens too: `countTokens` sends what `prepareCount` gives.
 *
 * @example
 * return defineCountingModel({
 *   ...parts,
 *   prepareCount: (request) => ({
 *     url: `${baseURL}/count`, authorize, body: encode(request), options, warnings: [],
 *     whole: (body) => ({ tokens: Number(body.tokens), bound: "exact" }),
 *   }),
 * });
 */
export function defineCountingModel({ prepareCount, ...parts }: CountingModelParts): CountingModel {
  return withCounting(defineProviderModel(parts), prepareCount);
}

/** A model that there is already, which counts tokens from now on. */
export function withCounting(counted: ProviderModel, prepareCount: CountingModelParts["prepareCount"]): CountingModel {
  const { provider, id: model } = counted;
  return {
    ...counted,
    async countTokens(asked) {
      const request = askedRequest(asked);
      const count = prepareCount(request);
      return exchangeWhole({ ...count, options: untilDeadline(count.options, request), provider, model, request });
    },
  };
}

/** Counting is no attempt, so no leaf keeps the deadline: the total clock does. */
function untilDeadline(options: WireOptions, { deadline }: ModelRequest): WireOptions {
  if (deadline === undefined) return options;
  const left = Math.max(deadline - Date.now(), 1);
  return { ...options, clocks: { ...options.clocks, total: Math.min(left, options.clocks?.total ?? Infinity) } };
}
