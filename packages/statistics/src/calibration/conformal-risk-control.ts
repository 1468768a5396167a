import { checkNumber, checkPaired, checkValues } from "../check.ts";

/** What a threshold has cost on items whose truth is known. */
export interface RiskControlOptions {
  /** Thresholds to choose from, upwards; each is at least as careful as the one before. */
  readonly thresholds: readonly number[];
  /** Of each item, its loss at each threshold. It must not grow with the threshold. */
  readonly losses: readonly (readonly number[])[];
  /** The expected loss that is accepted. */
  readonly risk: number;
  /** The greatest loss there can be. @default 1 */
  readonly most?: number;
}

/** The threshold that keeps the risk. */
export interface ControlledRisk {
  readonly threshold: number;
  /** Mean loss on the calibration items, at the threshold. */
  readonly empirical: number;
  /** `(n × empirical + most) / (n + 1)`: what the expected loss of a new item does not exceed. */
  readonly bound: number;
}

/**
 * The least careful threshold at which the expected loss of the next item is at most `risk`, whatever the distribution.
 *
 * `inf {λ : (n R̂(λ) + B) / (n + 1) ≤ α}` (Angelopoulos, Bates, Fisch, Lei and Schuster, Conformal risk control, ICLR 2024). It holds on average
 * over calibrations, for items that are exchangeable with those it was calibrated on: after the traffic has changed, calibrate again.
 *
 * @returns undefined if no threshold is careful enough, as with fewer than `most / risk − 1` items
 * @throws {RangeError} if thresholds do not go upwards, an item has not a loss for each, or a loss grows with the threshold
 * @example
 * conformalRiskControl({ thresholds: [0.1, 0.5, 0.9], losses, risk: 0.05 });
 */
export function conformalRiskControl({
  thresholds,
  losses,
  risk,
  most = 1,
}: RiskControlOptions): ControlledRisk | undefined {
  checkValues("thresholds", thresholds, 1);
  checkNumber("risk", risk, 0);
  checkNumber("most", most, 0, Number.MAX_VALUE);
  for (const [place, threshold] of thresholds.entries())
    if (threshold <= (thresholds[place - 1] ?? -Infinity)) throw new RangeError("`thresholds` must go upwards.");
  const sums = new Float64Array(thresholds.length);
  for (const [item, row] of losses.entries()) {
    checkPaired(`losses[${item}]`, row, "thresholds", thresholds);
    checkValues(`losses[${item}]`, row, 1, [-Infinity, most]);
    for (const [place, loss] of row.entries()) {
      if (loss > (row[place - 1] ?? Infinity))
        throw new RangeError(`\`losses[${item}]\` grows with the threshold, from ${row[place - 1]} to ${loss}.`);
      sums[place]! += loss;
    }
  }

  const chosen = sums.findIndex((sum) => (sum + most) / (losses.length + 1) <= risk);
  if (chosen < 0) return undefined;
  return {
    threshold: thresholds[chosen]!,
    empirical: losses.length === 0 ? 0 : sums[chosen]! / losses.length,
    bound: (sums[chosen]! + most) / (losses.length + 1),
  };
}
