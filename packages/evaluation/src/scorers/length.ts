import type { Scorer } from "../scorer.ts";
import { boundScorer } from "./within-bound.ts";
import type { BoundOptions } from "./within-bound.ts";

/** In what an answer is measured. */
export interface LengthOptions extends BoundOptions {
  /** @default "tokens", as the provider counted them */
  readonly unit?: "tokens" | "words" | "characters";
}

/**
 * How long the answer is; or whether it is at most `most`.
 *
 * @example
 * const scorers = { length: length(), brief: length({ unit: "words", most: 50 }) };
 */
export function length({ unit = "tokens", ...bound }: LengthOptions = {}): Scorer {
  return boundScorer("length", bound, ({ text, usage }) => {
    if (unit === "tokens") return usage?.output;
    return unit === "characters" ? text.length : (text.match(/\S+/g)?.length ?? 0);
  });
}
