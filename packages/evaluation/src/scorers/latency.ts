import type { Scorer } from "../scorer.ts";
import { boundScorer } from "./within-bound.ts";
import type { BoundOptions } from "./within-bound.ts";

/**
 * Milliseconds to the end of the answer, without what was waited for limits of our own; or whether they are at most `most`. An answer from a
 * cache has none.
 *
 * @example
 * const scorers = { latency: latency(), quick: latency({ most: 2000 }) };
 */
export function latency(options: BoundOptions = {}): Scorer {
  return boundScorer("latency", options, (answer) => answer.latency);
}
