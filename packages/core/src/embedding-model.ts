import type { Attempt } from "./attempt.ts";
import type { Callable, Middleware } from "./callable.ts";
import type { Cost } from "./cost.ts";
import type { Warning } from "./event.ts";
import type { ProviderData } from "./json.ts";
import type { CallOptions } from "./request.ts";
import type { Usage } from "./usage.ts";

/** What the vectors are for: some models embed queries and documents differently. */
export type EmbeddingPurpose = "query" | "document" | "similarity" | "classification" | "clustering";

/** What is to be embedded: plain data, as a prompt is. */
export interface EmbeddingInput {
  /** Texts, none of them empty. As many as you like: more than the provider takes at once go in batches. */
  readonly values: readonly string[];
  /** Shortens the vectors, where the model can. */
  readonly dimensions?: number;
  /** What the vectors are for, where the model makes a difference. */
  readonly purpose?: EmbeddingPurpose;
  /** Merged into the body on the wire, keyed by provider: what the contract has no word for. */
  readonly providerOptions?: ProviderData;
}

/** One request to an embedding model. */
export interface EmbeddingRequest extends EmbeddingInput, CallOptions {}

/** One vector a text, in the order of `values`. */
export interface EmbeddingResult {
  /** The model that answered, in the provider's words: vectors of different models cannot be compared. */
  readonly model: string;
  readonly embeddings: readonly (readonly number[])[];
  readonly usage: Usage;
  readonly warnings: readonly Warning[];
  /** Response headers worth keeping: request ids, rate limits. Of several batches, those of the first. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Known already: it was kept from an earlier call, and cost nothing. */
  readonly cached?: true;
  /** Of the whole call, losers included; put here by `embed` alone. */
  readonly attempts?: readonly Attempt[];
  /** Of the whole call: the sum over `attempts`, absent if any of them has no price. */
  readonly cost?: Cost;
}

/** Turns texts into vectors. */
export interface EmbeddingModel extends Callable<EmbeddingRequest, EmbeddingResult> {
  /**
   * Embeds texts, and waits for all of them.
   *
   * @throws {ModelError} whatever went wrong, with `attempts` and `cost`
   * @example
   * const { embeddings } = await model.embed(["a river", "a mountain"]);
   */
  embed(request: EmbeddingRequest | readonly string[]): Promise<EmbeddingResult>;
  /** The same model behind middleware; the first is outermost. */
  with(...middleware: readonly Middleware<EmbeddingModel>[]): EmbeddingModel;
}
