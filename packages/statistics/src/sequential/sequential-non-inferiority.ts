import { checkCount, checkMargin, checkNumber, checkOneSided, checkPositive } from "../check.ts";
import type { Bounds, Interval } from "../interval.ts";
import { sequenceInterval } from "./confidence-sequence.ts";
import { Wealth } from "./wealth.ts";

/** How much worse the candidate may be, and how sure the verdict is to be. */
export interface SequentialOptions {
  /** By how much the candidate's mean may be worse, in the unit of the scores. 0 asks whether it is better or worse at all. */
  readonly margin: number;
  /** How sure a pass is, and how sure a fail, over all looks together. @default 0.95 */
  readonly confidence?: number;
  /** The least and the greatest score there can be; both finite. @default [0, 1] */
  readonly bounds?: Bounds;
  /** Whether more is better, as of accuracy, or less, as of errors. @default "higher" */
  readonly better?: "higher" | "lower";
}

/** Where a comparison stands. */
export interface SequentialState {
  /** Once it is `pass` or `fail`, it stays so: the time to stop. */
  readonly verdict: "pass" | "fail" | "undecided";
  readonly items: number;
  /** Of the hypothesis that the candidate is worse by the margin or more; it may be read at any time. */
  readonly pValue: number;
}

/** A comparison that goes on item by item, and may be looked at after each. */
export interface SequentialNonInferiority {
  /**
   * Takes the scores of one more item, and says where the comparison stands.
   *
   * @throws {RangeError} if one is outside the bounds
   */
  add(baseline: number, candidate: number): SequentialState;
  /**
   * Candidate less baseline, so far: an interval that may be looked at any time, too, and covers at 2 × `confidence` − 1.
   *
   * @throws {RangeError} if no item was added yet
   */
  difference(): Interval;
}

/**
 * Whether the candidate is at most `margin` worse, asked after every item: it stops as soon as the scores say, and keeps its level however
 * often it is looked at. For tests that cost money an item, and for a canary.
 *
 * Bets against "worse by the margin or more" and against "worse by the margin or less", each of which multiplies its stake by more than
 * 1/(1 − `confidence`) with probability 1 − `confidence` at most if it is wrong (Waudby-Smith and Ramdas 2024; see {@link confidenceSequence}). The
 * price of looking at any time is that a decision takes more items than {@link nonInferiority} of the right number would have.
 *
 * Items must come in an order that has nothing to do with the scores. Where both models do not answer the same items, the next two answers that
 * come make a pair.
 *
 * @throws {RangeError} if the margin is negative or as large as the range of the scores
 * @example
 * const test = sequentialNonInferiority({ margin: 0.03 });
 * for (const { baseline, candidate } of scores) if (test.add(baseline, candidate).verdict !== "undecided") break;
 */
export function sequentialNonInferiority({
  margin,
  confidence = 0.95,
  bounds = [0, 1],
  better = "higher",
}: SequentialOptions): SequentialNonInferiority {
  const range = bounds[1] - bounds[0];
  checkPositive("bounds[1] − bounds[0]", range);
  checkMargin(margin, bounds);
  checkOneSided("confidence", confidence);
  const target = -Math.log(1 - confidence);
  // A difference of −range is 0, of +range is 1, in the direction that is better.
  const line = (range - margin) / (2 * range);
  const sign = better === "higher" ? 1 : -1;
  const forPass = new Wealth(line);
  const forFail = new Wealth(1 - line);
  const counts = new Map<number, number>();
  let verdict: SequentialState["verdict"] = "undecided";
  let items = 0;
  let sum = 0;
  let most = 0;

  return {
    add(baseline, candidate) {
      checkNumber("baseline", baseline, ...bounds);
      checkNumber("candidate", candidate, ...bounds);
      const difference = candidate - baseline;
      counts.set(difference, (counts.get(difference) ?? 0) + 1);
      items += 1;
      sum += difference;
      const share = (sign * difference + range) / (2 * range);
      forPass.bet(share);
      forFail.bet(1 - share);
      most = Math.max(most, forPass.log);
      if (verdict === "undecided") verdict = most >= target ? "pass" : forFail.log >= target ? "fail" : "undecided";
      return { verdict, items, pValue: Math.exp(-most) };
    },
    difference() {
      checkCount("items", items, 1);
      const tally = { values: [...counts.keys()], counts: [...counts.values()], size: items, mean: sum / items };
      return sequenceInterval(tally, [-range, range], 2 * confidence - 1);
    },
  };
}
