import { checkMargin, checkOneSided, checkPositive, checkShare } from "../check.ts";
import type { Interval } from "../interval.ts";
import { itemsMissing } from "./non-inferiority.ts";
import { inferPaired } from "./paired-inference.ts";
import type { PairedScores } from "./paired-inference.ts";

/** Two models' scores on the same items, and by how much they may differ. */
export interface EquivalenceOptions extends PairedScores {
  /** By how much the means may differ in either direction, in the unit of the scores. */
  readonly margin: number;
  /** How sure a verdict is. @default 0.95 */
  readonly confidence?: number;
  /** How likely the items that are said to be missing should bring a decision. @default 0.8 */
  readonly power?: number;
}

/** What a comparison comes to. */
export interface Equivalence {
  /** `pass`: shown to differ by less than the margin. `fail`: shown to differ by more. */
  readonly verdict: "pass" | "fail" | "undecided";
  /** Candidate less baseline. Its confidence is 2 × `confidence` − 1, so that each bound by itself holds with `confidence`. */
  readonly difference: Interval;
  /** Of the hypothesis that they differ by the margin or more: the larger of two one-sided p-values. */
  readonly pValue: number;
  readonly margin: number;
  readonly confidence: number;
  readonly items: number;
  /** How many more items would bring a decision, pass or fail, with the asked power, by {@link itemsToAdd}; 0 once decided. */
  readonly missing: number;
}

/**
 * Whether two models score the same but for `margin`, by scores on the same items.
 *
 * TOST, two one-sided tests: a pass is an interval of confidence 2 × `confidence` − 1 within ±margin (Schuirmann, A comparison of the two
 * one-sided tests procedure, J. Pharmacokinet. Biopharm. 15, 1987). The interval is that of {@link pairedDifference}.
 *
 * @throws {RangeError} if the scores are not paired, fewer than 2 or outside the bounds, or the margin is 0 or as large as their range
 * @example
 * const { verdict } = equivalence({ baseline: lengths, candidate: otherLengths, margin: 50, bounds: [0, Infinity] });
 */
export function equivalence({ margin, confidence = 0.95, power = 0.8, ...scores }: EquivalenceOptions): Equivalence {
  checkPositive("margin", margin);
  checkMargin(margin, scores.bounds ?? [0, 1]);
  checkOneSided("confidence", confidence);
  checkShare("power", power);
  const inference = inferPaired(scores);
  const { items, pValueAbove, pValueBelow } = inference;
  const difference = inference.interval(2 * confidence - 1, [-margin, margin]);
  const passes = difference.lower >= -margin && difference.upper <= margin;
  const fails = difference.upper <= -margin || difference.lower >= margin;
  const verdict = passes ? "pass" : fails ? "fail" : "undecided";
  return {
    verdict,
    difference,
    pValue: Math.max(pValueAbove(-margin), pValueBelow(margin)),
    margin,
    confidence,
    items,
    missing: verdict === "undecided" ? itemsMissing(inference, [-margin, margin], { confidence, power }) : 0,
  };
}
