import type { Scorer } from "../scorer.ts";
import { boundScorer } from "./within-bound.ts";
import type { BoundOptions } from "./within-bound.ts";

/**
 * What the call cost, in US dollars, losers included; or whether it is at most `most`. Unknown where an attempt has no price, and for answers
 * from a cache.
 *
 * @example
 * const scorers = { price: price(), cheap: price({ most: 0.01 }) };
 */
export function price(options: BoundOptions = {}): Scorer {
  return boundScorer("price", options, ({ cost, cached }) => (cached || !cost ? undefined : cost.total / 1e9));
}
