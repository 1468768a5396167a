import { checkNumber, checkShare } from "../check.ts";
import { normalQuantile } from "../distributions/normal.ts";

/** What a study is planned by. */
export interface StudyPlan {
  /** How far the truth is from the value that is to be ruled out, in the unit of the scores: the difference plus the margin. */
  readonly distance: number;
  /** Standard deviation of one item's difference. Of right and wrong answers: √(share of items on which the models differ − difference²). */
  readonly deviation: number;
  /** The same, were the value to be ruled out the truth. @default deviation */
  readonly deviationUnderHypothesis?: number;
  /** How sure each bound is. 0.975 is the same as two-sided 0.95. @default 0.95 */
  readonly confidence?: number;
  /** In how many of many such studies a decision is wanted. @default 0.8 */
  readonly power?: number;
}

/**
 * How many items a comparison needs to come to its decision: `(z_confidence σ₀ + z_power σ₁)² / distance²`, rounded up, 1 at least.
 *
 * The textbook's normal approximation (Chow, Shao and Wang, Sample size calculations in clinical research, 3.1; for evaluations, Miller 2024).
 *
 * @returns `Infinity` if the distance is 0: what is exactly on the line is never told from it
 * @throws {RangeError} if a number is NaN, a deviation is negative, or confidence or power is not between 0 and 1
 * @example
 * itemsToDecide({ distance: 0.03, deviation: 0.4 }); // 1100
 */
export function itemsToDecide({
  distance,
  deviation,
  deviationUnderHypothesis = deviation,
  confidence = 0.95,
  power = 0.8,
}: StudyPlan): number {
  checkNumber("distance", distance, -Number.MAX_VALUE, Number.MAX_VALUE);
  checkNumber("deviation", deviation, 0);
  checkNumber("deviationUnderHypothesis", deviationUnderHypothesis, 0);
  checkShare("confidence", confidence);
  checkShare("power", power);
  // Below 0 where less power is asked for than the level gives: any item will do.
  const spread = Math.max(0, normalQuantile(confidence) * deviationUnderHypothesis + normalQuantile(power) * deviation);
  return distance === 0 ? Infinity : Math.max(1, Math.ceil((spread / distance) ** 2));
}
