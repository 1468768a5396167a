import { bisect } from "../bisect.ts";
import { checkPositive, checkShare, checkValues } from "../check.ts";
import type { Bounds, ConfidenceOptions, Interval } from "../interval.ts";
import { tallyOf } from "../means/tally.ts";
import type { Tally } from "../means/tally.ts";
import { Wealth } from "./wealth.ts";

/** What values are like that come one by one. */
export interface ConfidenceSequenceOptions extends ConfidenceOptions {
  /** The least and the greatest that a value can be. @default [0, 1] */
  readonly bounds?: Bounds;
}

/**
 * An interval around a mean that may be looked at after every value: that *all* intervals, from the first value on, hold the truth has
 * probability `confidence`. So one may stop when it is narrow enough, or at any other time.
 *
 * All means against which bets on higher and on lower values have not won 2/α each (Waudby-Smith and Ramdas, Estimating means of bounded
 * random variables by betting, JRSS B 86, 2024). It is wider than {@link meanInterval}, which holds for one look at a number of values fixed
 * before. Values must be independent of each other, and within the bounds.
 *
 * @param values all that have come so far
 * @throws {RangeError} if there are no values, one is outside the bounds, or these are not finite
 * @example
 * confidenceSequence(differences, { bounds: [-1, 1] });
 */
export function confidenceSequence(
  values: readonly number[],
  { confidence = 0.95, bounds = [0, 1] }: ConfidenceSequenceOptions = {},
): Interval {
  checkPositive("bounds[1] − bounds[0]", bounds[1] - bounds[0]);
  checkValues("values", values, 1, bounds);
  checkShare("confidence", confidence);
  return sequenceInterval(tallyOf(values), bounds, confidence);
}

/** The same of a tally. */
export function sequenceInterval(tally: Tally, [least, most]: Bounds, confidence: number): Interval {
  const target = Math.log(2 / (1 - confidence));
  const range = most - least;
  const shares = tally.values.map((value, place): [number, number] => [(value - least) / range, tally.counts[place]!]);
  const mirrored = shares.map(([share, count]): [number, number] => [1 - share, count]);
  const lowest = (values: readonly (readonly [number, number])[]): number =>
    bisect(
      0,
      1,
      (mean) => {
        const wealth = new Wealth(mean);
        for (const [share, count] of values) wealth.bet(share, count);
        return wealth.log >= target;
      },
      1e-9,
    );
  return {
    estimate: tally.mean,
    lower: least + range * lowest(shares),
    upper: most - range * lowest(mirrored),
    confidence,
  };
}
