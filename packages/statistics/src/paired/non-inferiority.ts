import { checkMargin, checkOneSided, checkShare } from "../check.ts";
import { normalQuantile } from "../distributions/normal.ts";
import type { Interval } from "../interval.ts";
import { itemsToAdd } from "./items-to-add.ts";
import { inferPaired } from "./paired-inference.ts";
import type { PairedInference, PairedScores } from "./paired-inference.ts";

/** Two models' scores on the same items, and how much worse the candidate may be. */
export interface NonInferiorityOptions extends PairedScores {
  /** By how much the candidate's mean may be worse, in the unit of the scores: 0.03 is 3 points of accuracy. 0 asks whether it is better. */
  readonly margin: number;
  /** How sure a pass is, and how sure a fail: at 0.95, of the candidates that are worse by the margin or more, at most 5 % pass. @default 0.95 */
  readonly confidence?: number;
  /** Whether more is better, as of accuracy, or less, as of cost. @default "higher" */
  readonly better?: "higher" | "lower";
  /** How likely the items that are said to be missing should bring a decision. @default 0.8 */
  readonly power?: number;
}

/** What a comparison comes to. */
export interface NonInferiority {
  /**
   * - `pass`: shown not to be worse by the margin or more
   * - `fail`: shown to be worse by more than the margin
   * - `undecided`: neither is shown, and `missing` says how many more items would likely show one
   */
  readonly verdict: "pass" | "fail" | "undecided";
  /** Candidate less baseline. Its confidence is 2 × `confidence` − 1, so that each bound by itself holds with `confidence`. */
  readonly difference: Interval;
  /** Of the hypothesis that the candidate is worse by the margin or more. A pass is a p-value of at most 1 − `confidence`. */
  readonly pValue: number;
  readonly margin: number;
  readonly confidence: number;
  readonly items: number;
  /**
   * How many more items would bring a decision, pass or fail, with the asked power, by {@link itemsToAdd}: on average over what the difference
   * may truly be after what was seen. 0 once decided, `Infinity` if a hundred times the items would not do. Who adds items and looks again, and
   * again, passes more often by luck than `confidence` says: {@link sequentialNonInferiority} is made for that.
   */
  readonly missing: number;
}

/**
 * Whether the candidate is at most `margin` worse than the baseline: pass, fail or undecided, by scores on the same items.
 *
 * Two one-sided tests at level 1 − `confidence`: against "worse by the margin or more" (a pass) and against "worse by the margin or less" (a
 * fail), which is to compare the interval of {@link pairedDifference} with −margin (Blackwelder, "Proving the null hypothesis" in clinical
 * trials, Control. Clin. Trials 3, 1982; the interval's methods are named there).
 *
 * @throws {RangeError} if the scores are not paired, fewer than 2 or outside the bounds, or the margin is negative or as large as their range
 * @example
 * const { verdict, missing } = nonInferiority({ baseline, candidate, margin: 0.03 });
 */
export function nonInferiority({
  margin,
  confidence = 0.95,
  better = "higher",
  power = 0.8,
  ...scores
}: NonInferiorityOptions): NonInferiority {
  checkMargin(margin, scores.bounds ?? [0, 1]);
  checkOneSided("confidence", confidence);
  checkShare("power", power);
  const inference = inferPaired(scores);
  const line = better === "higher" ? -margin : margin;
  const lines = better === "higher" ? ([line, Infinity] as const) : ([-Infinity, line] as const);
  const difference = inference.interval(2 * confidence - 1, [line]);
  const isAbove = difference.lower >= line;
  const isBelow = difference.upper <= line;
  const [passes, fails] = better === "higher" ? [isAbove, isBelow] : [isBelow, isAbove];
  const verdict = passes ? "pass" : fails ? "fail" : "undecided";
  return {
    verdict,
    difference,
    pValue: better === "higher" ? inference.pValueAbove(line) : inference.pValueBelow(line),
    margin,
    confidence,
    items: inference.items,
    missing: verdict === "undecided" ? itemsMissing(inference, lines, { confidence, power }) : 0,
  };
}

/** Items that are missing to tell the difference from lines between which a pass lies, at least 1. */
export function itemsMissing(
  { items, estimate, standardError, statistic, pValueAbove, pValueBelow }: PairedInference,
  lines: readonly [least: number, most: number],
  { confidence, power }: { readonly confidence: number; readonly power: number },
): number {
  const line = estimate - lines[0] < lines[1] - estimate ? lines[0] : lines[1];
  const distance = Math.abs(estimate - line);
  // Where the p-value is more than the statistic says, for few clusters or for an exact test, it is what keeps the study open.
  const shown = -normalQuantile(estimate > line ? pValueAbove(line) : pValueBelow(line));
  const seen = Math.abs(statistic(line));
  const deviations = seen < normalQuantile(confidence) ? seen : shown;
  const standardErrorUnderHypothesis = deviations > 0 ? distance / deviations : standardError;
  return itemsToAdd({
    items,
    estimate,
    // A few items that are all alike say less of how others spread than they seem to.
    standardError: Math.max(standardError, standardErrorUnderHypothesis),
    standardErrorUnderHypothesis,
    lines,
    confidence,
    power,
  });
}
