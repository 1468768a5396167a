import { checkCount, checkNumber, checkPositive, checkShare } from "../check.ts";
import { normalCdf, normalQuantile } from "../distributions/normal.ts";
import type { StudyPlan } from "./items-to-decide.ts";

/** A study of so many items. */
export interface PlannedStudy extends Omit<StudyPlan, "power"> {
  readonly items: number;
}

/**
 * How often a comparison of so many items comes to its decision: `Φ((√n distance − z_confidence σ₀) / σ₁)`, the inverse of
 * {@link itemsToDecide}.
 *
 * @throws {RangeError} if there are no items, a deviation is not above 0, or the confidence is not between 0 and 1
 * @example
 * powerOf({ items: 1100, distance: 0.03, deviation: 0.4 }); // 0.80
 */
export function powerOf({
  items,
  distance,
  deviation,
  deviationUnderHypothesis = deviation,
  confidence = 0.95,
}: PlannedStudy): number {
  checkCount("items", items, 1);
  checkNumber("distance", distance, -Number.MAX_VALUE, Number.MAX_VALUE);
  checkPositive("deviation", deviation);
  checkNumber("deviationUnderHypothesis", deviationUnderHypothesis, 0, Number.MAX_VALUE);
  checkShare("confidence", confidence);
  const critical = normalQuantile(confidence) * deviationUnderHypothesis;
  return normalCdf((Math.sqrt(items) * distance - critical) / deviation);
}
