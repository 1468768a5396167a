import type { Cost } from "./cost.ts";
import type { Prompt } from "./request.ts";
import type { Usage } from "./usage.ts";

/** What prices, limits and token counts are looked up by. */
export interface ModelKey {
  readonly provider: string;
  readonly id: string;
  /** The catalogue's name for it, where `id` is not one. */
  readonly catalogId?: string;
  /** The name that the provider answered with: looked up when nothing is known by the others. */
  readonly answeredBy?: string;
}

/** A price, or what it lacks. Unknown is never 0. */
export type Quote =
  | { readonly cost: Cost; readonly missing?: never }
  /** The components that were used and have no price, or `["model"]`. */
  | { readonly cost?: never; readonly missing: readonly string[] };

/** What so much usage of a model costs. */
export type PriceLookup = (usage: Usage, model: ModelKey) => Quote;

/** How much a model takes and gives, in tokens; absent where unknown. */
export interface ModelLimits {
  readonly context?: number;
  readonly input?: number;
  readonly output?: number;
}

/** How much a model takes and gives at most; `undefined` for one that is not known. */
export type LimitsLookup = (model: ModelKey) => ModelLimits | undefined;

/** How many input tokens a prompt is, at most where `bound` is `"upper"`. */
export interface TokenCount {
  readonly tokens: number;
  /** `exact`, an upper bound, or an estimate with its relative error: 0.15 is 15 %. */
  readonly bound: "exact" | "upper" | { readonly error: number };
}

/** Counts the input tokens of a prompt, as the given model would. */
export type TokenCounter = (prompt: Prompt, model: ModelKey) => TokenCount | Promise<TokenCount>;
