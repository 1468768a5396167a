import type { Callable } from "./callable.ts";
import type { Warning } from "./event.ts";
import type { ProviderData } from "./json.ts";
import type { CallOptions } from "./request.ts";
import type { Usage } from "./usage.ts";

/** Texts to embed. */
export interface EmbeddingRequest extends CallOptions {
  readonly values: readonly string[];
  /** Shortens the vectors, where the model can. */
  readonly dimensions?: number;
  /** What the vectors are for; some models embed queries and documents differently. */
  readonly purpose?: "query" | "document" | "similarity" | "classification" | "clustering";
  readonly providerOptions?: ProviderData;
}

/** One vector a text, in the order of `values`. */
export interface EmbeddingResult {
  readonly model: string;
  readonly embeddings: readonly (readonly number[])[];
  readonly usage: Usage;
  readonly warnings: readonly Warning[];
}

/** Turns texts into vectors. */
export type EmbeddingModel = Callable<EmbeddingRequest, EmbeddingResult>;
