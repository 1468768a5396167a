import { checkRerank, defineRerankModel } from "@plugboard/core";
import type { ProviderRerankModel, RerankRequest, RerankResult } from "@plugboard/core";
import { exchangeWhole } from "./exchange.ts";
import type { PreparedWhole, WholeExchange } from "./exchange.ts";
import { requestPlan } from "./request-plan.ts";

/** What the rerank model of an adapter is made of. */
export interface ProviderRerankModelParts {
  readonly provider: string;
  readonly id: string;
  /** The catalogue's name for it, where `id` is not one. */
  readonly catalogId?: string | undefined;
  /** Provider, id, base URL, API and mapping version. */
  readonly fingerprint: string;
  /**
   * Writes a request for the wire, and says how its answer is read. It asks for no key and sends nothing.
   *
   * @throws {ModelError} `invalid-request` or `unsupported` for what the provider cannot be asked
   */
  readonly prepare: (request: RerankRequest) => PreparedWhole<RerankResult>;
}

/**
 * Makes a rerank model of how requests are written and answers read: `rerank` sends what `prepare` gives, `plan` shows it.
 *
 * @example
 * return defineProviderRerankModel({
 *   provider: "acme", id, fingerprint: `acme:${id}@${baseURL}#rerank/1`,
 *   prepare: (request) => ({ url: `${baseURL}/rerank`, authorize, body: encode(request), options, warnings: [], whole: decode }),
 * });
 */
export function defineProviderRerankModel({ prepare, ...parts }: ProviderRerankModelParts): ProviderRerankModel {
  const { provider, id: model } = parts;
  const written = (request: RerankRequest): WholeExchange<RerankResult> => ({
    ...prepare(request),
    provider,
    model,
    request,
  });

  return {
    ...defineRerankModel({ ...parts, call: async (request) => exchangeWhole(written(request)) }),
    async plan(request) {
      checkRerank(request);
      return requestPlan(written(request));
    },
  };
}
