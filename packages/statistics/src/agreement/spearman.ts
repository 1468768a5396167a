import { checkPaired, checkShare, checkValues } from "../check.ts";
import { normalQuantile } from "../distributions/normal.ts";
import type { ConfidenceOptions, Interval } from "../interval.ts";
import { meanOf } from "../moments.ts";
import { ranksOf } from "./ranks.ts";

/**
 * Spearman's rank correlation: whether two judges put items in the same order, from −1 to 1.
 *
 * Pearson's correlation of the ranks, equal values sharing theirs. The interval is by Fisher's transformation,
 * `tanh(artanh r ± z √((1 + r²/2) / (n − 3)))` (Bonett and Wright, Sample size requirements for estimating Pearson, Kendall and Spearman
 * correlations, Psychometrika 65, 2000). Of a perfect order, it is that of one with two neighbours swapped, as far as 1 or −1.
 *
 * @throws {RangeError} if the values are not paired, fewer than 4, or all the same
 * @example
 * spearman([1, 2, 3, 4, 5], [2, 1, 4, 3, 5]); // estimate 0.8
 */
export function spearman(
  first: readonly number[],
  second: readonly number[],
  { confidence = 0.95 }: ConfidenceOptions = {},
): Interval {
  checkPaired("first", first, "second", second);
  checkValues("first", first, 4);
  checkValues("second", second, 4);
  checkShare("confidence", confidence);
  const estimate = correlationOf(ranksOf(first), ranksOf(second));
  if (Number.isNaN(estimate))
    throw new RangeError("`first` or `second` holds one value only: there is no order to compare.");
  const half = normalQuantile((1 + confidence) / 2) * Math.sqrt((1 + estimate ** 2 / 2) / (first.length - 3));
  // Of a perfect order the transform is infinite, and would leave the interval no width: it is taken as that with one pair of neighbours swapped.
  const nearly = 1 - 12 / (first.length * (first.length ** 2 - 1));
  const centre = Math.atanh(Math.max(-nearly, Math.min(nearly, estimate)));
  return {
    estimate,
    lower: Math.min(estimate, Math.tanh(centre - half)),
    upper: Math.max(estimate, Math.tanh(centre + half)),
    confidence,
  };
}

function correlationOf(first: readonly number[], second: readonly number[]): number {
  const [centre, otherCentre] = [meanOf(first), meanOf(second)];
  let [products, squares, otherSquares] = [0, 0, 0];
  for (const [place, value] of first.entries()) {
    const [left, right] = [value - centre, second[place]! - otherCentre];
    products += left * right;
    squares += left * left;
    otherSquares += right * right;
  }
  return Math.max(-1, Math.min(1, products / Math.sqrt(squares * otherSquares)));
}
