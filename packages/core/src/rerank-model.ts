import type { Attempt } from "./attempt.ts";
import type { Callable, Middleware } from "./callable.ts";
import type { Cost } from "./cost.ts";
import type { Warning } from "./event.ts";
import type { ProviderData } from "./json.ts";
import type { CallOptions } from "./request.ts";
import type { Usage } from "./usage.ts";

/** What is to be put in order: plain data, as a prompt is. */
export interface RerankInput {
  readonly query: string;
  readonly documents: readonly string[];
  /** How many of the best to return. @default all */
  readonly limit?: number;
  /** Merged into the body on the wire, keyed by provider: what the contract has no word for. */
  readonly providerOptions?: ProviderData;
}

/** One request to a rerank model. */
export interface RerankRequest extends RerankInput, CallOptions {}

/** The best first. */
export interface RerankResult {
  /** The model that answered, in the provider's words: scores of different models cannot be compared. */
  readonly model: string;
  /** `index` is the place in `documents`. */
  readonly ranking: readonly { readonly index: number; readonly score: number }[];
  readonly usage: Usage;
  readonly warnings: readonly Warning[];
  /** Response headers worth keeping: request ids, rate limits. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Known already: it was kept from an earlier call, and cost nothing. */
  readonly cached?: true;
  /** Of the whole call, losers included; put here by `rerank` alone. */
  readonly attempts?: readonly Attempt[];
  /** Of the whole call: the sum over `attempts`, absent if any of them has no price. */
  readonly cost?: Cost;
}

/** Orders documents by how well they answer a query. */
export interface RerankModel extends Callable<RerankRequest, RerankResult> {
  /**
   * Orders documents, and waits for the ranking.
   *
   * @throws {ModelError} whatever went wrong, with `attempts` and `cost`
   * @example
   * const { ranking } = await model.rerank({ query: "a river", documents: ["the Nile", "Everest"] });
   */
  rerank(request: RerankRequest): Promise<RerankResult>;
  /** The same model behind middleware; the first is outermost. */
  with(...middleware: readonly Middleware<RerankModel>[]): RerankModel;
}
