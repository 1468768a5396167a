import type { Cost } from "./cost.ts";
import type { ModelErrorCode } from "./error.ts";
import type { EmbeddingInput } from "./embedding-model.ts";
import type { Prompt } from "./request.ts";
import type { RerankInput } from "./rerank-model.ts";
import type { Usage } from "./usage.ts";

/** One try of one adapter. Listed when it starts and completed in place, so hold the object rather than a copy. */
export interface Attempt {
  readonly provider: string;
  readonly model: string;
  /** The name that the provider answered with, where it is another: `gpt-4o-2024-08-06`. */
  readonly answeredBy?: string;
  /** Milliseconds since the epoch, as are `firstEvent` and `ended`. */
  readonly started: number;
  /** When the first content came; of an answer read whole, when it was whole. */
  readonly firstEvent?: number;
  readonly ended?: number;
  readonly outcome: "running" | "finished" | "failed" | "cancelled";
  readonly error?: ModelErrorCode;
  /** The request provably cost nothing: it never reached the provider, or was refused with a 4xx. */
  readonly unbilled?: true;
  readonly usage?: Usage;
  /** Put here by the layer that knows the prices, at the notice of the end. */
  readonly cost?: Cost;
}

/** What `admit` is asked about: the attempt that is about to be made. */
export interface AttemptPlan {
  readonly provider: string;
  readonly id: string;
  readonly catalogId?: string;
  /** What is asked; `messages`, `values` or `documents` in it tell a chat model from the other kinds. */
  readonly request: Question & { readonly stream?: boolean; readonly tags?: Readonly<Record<string, string>> };
}

/** What can be asked of a model, of whatever kind. */
export type Question = Prompt | EmbeddingInput | RerankInput;
