import { askedEmbedding, batchesOf, defineEmbeddingModel } from "@plugboard/core";
import type { BatchLimits, EmbeddingRequest, EmbeddingResult, ProviderEmbeddingModel } from "@plugboard/core";
import { exchangeWhole } from "./exchange.ts";
import type { PreparedWhole, WholeExchange } from "./exchange.ts";
import { requestPlan } from "./request-plan.ts";

/** What the embedding model of an adapter is made of. */
export interface ProviderEmbeddingModelParts {
  readonly provider: string;
  readonly id: string;
  /** The catalogue's name for it, where `id` is not one. */
  readonly catalogId?: string | undefined;
  /** Provider, id, base URL, API and mapping version. */
  readonly fingerprint: string;
  /** What the provider takes in one request. More goes in several, each of which is an attempt. @default no limit */
  readonly batch?: BatchLimits | undefined;
  /**
   * Writes the texts of one request for the wire, and says how its answer is read. It asks for no key and sends nothing.
   *
   * @throws {ModelError} `invalid-request` or `unsupported` for what the provider cannot be asked
   */
  readonly prepare: (request: EmbeddingRequest) => PreparedWhole<EmbeddingResult>;
}

/**
 * Makes an embedding model of how requests are written and answers read: `embed` sends what `prepare` gives, `plan` shows it.
 *
 * @example
 * return defineProviderEmbeddingModel({
 *   provider: "acme", id, fingerprint: `acme:${id}@${baseURL}#embed/1`, batch: { values: 96 },
 *   prepare: ({ values }) => ({ url: `${baseURL}/embed`, authorize, body: { texts: values }, options, warnings: [], whole: decode }),
 * });
 */
export function defineProviderEmbeddingModel({
  prepare,
  ...parts
}: ProviderEmbeddingModelParts): ProviderEmbeddingModel {
  const { provider, id: model, batch } = parts;
  const written = (request: EmbeddingRequest): WholeExchange<EmbeddingResult> => ({
    ...prepare(request),
    provider,
    model,
    request,
  });

  return {
    ...defineEmbeddingModel({ ...parts, call: async (request) => exchangeWhole(written(request)) }),
    async plan(asked) {
      const request = askedEmbedding(asked);
      const batches = batch ? batchesOf(request.values, batch) : [request.values];
      return batches.map((values) => requestPlan(written({ ...request, values })));
    },
  };
}
