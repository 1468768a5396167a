import { checkShare, checkValues } from "../check.ts";
import { binomialCdf } from "../distributions/binomial.ts";
import type { ConfidenceOptions, Interval } from "../interval.ts";
import { quantileOf } from "./quantile-of.ts";

/**
 * The interval around a quantile, such as the 95th percentile of latency, whatever the values' distribution.
 *
 * Its bounds are two of the sorted values: how many values lie below the true quantile is binomial(n, q), so the ranks are those that leave out
 * at most half the error on each side (Conover, Practical nonparametric statistics, 3.2; David and Nagaraja, Order statistics, 7.1). It covers
 * at least what it says. Too few values cannot bound it on both sides: the bound is then ±Infinity (the 95th percentile at 95 % has an upper
 * bound from 72 values on).
 *
 * @param quantile between 0 and 1; 0.95 is the 95th percentile
 * @throws {RangeError} if there are no values, or the quantile is not between 0 and 1
 * @example
 * quantileInterval(latencies, 0.95);
 */
export function quantileInterval(
  values: readonly number[],
  quantile: number,
  { confidence = 0.95 }: ConfidenceOptions = {},
): Interval {
  checkValues("values", values, 1);
  checkShare("quantile", quantile);
  checkShare("confidence", confidence);
  const sorted = values.toSorted((left, right) => left - right);
  const tail = (1 - confidence) / 2;
  const below = mostWithin(tail, sorted.length, quantile);
  const above = mostWithin(tail, sorted.length, 1 - quantile);
  return {
    estimate: quantileOf(sorted, quantile),
    lower: below === 0 ? -Infinity : sorted[below - 1]!,
    upper: above === 0 ? Infinity : sorted[sorted.length - above]!,
    confidence,
  };
}

/** The largest rank r with P(B < r) ≤ tail, so that the r-th value from that end lies beyond the quantile with at most that probability. */
function mostWithin(tail: number, trials: number, chance: number): number {
  let [low, high] = [0, trials];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (binomialCdf(middle - 1, trials, chance) <= tail * (1 + 1e-12)) low = middle;
    else high = middle - 1;
  }
  return low;
}
