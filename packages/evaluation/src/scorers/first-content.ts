import type { Scorer } from "../scorer.ts";
import { boundScorer } from "./within-bound.ts";
import type { BoundOptions } from "./within-bound.ts";

/**
 * Milliseconds to the first content of the answer, where it was streamed; or whether they are at most `most`.
 *
 * @example
 * const scorers = { firstContent: firstContent(), prompt: firstContent({ most: 800 }) };
 */
export function firstContent(options: BoundOptions = {}): Scorer {
  return boundScorer("firstContent", options, (answer) => answer.firstContent);
}
