import { checkValues } from "../check.ts";

/**
 * Adjusts the p-values of several metrics, so that comparing each with 0.05 lets *any* of them be wrong in at most 5 % of studies.
 *
 * Step down: sorted upwards, the i-th of m is taken by m − i + 1, and none is less than the one before (Holm, A simple sequentially rejective
 * multiple test procedure, Scand. J. Stat. 6, 1979). Holds however the metrics depend on each other.
 *
 * @returns adjusted p-values in the order given
 * @throws {RangeError} if one is not between 0 and 1
 * @example
 * holm([0.01, 0.04, 0.03]); // [0.03, 0.06, 0.06]
 */
export function holm(pValues: readonly number[]): number[] {
  checkValues("pValues", pValues, 0, [0, 1]);
  const order = pValues.map((_, place) => place).toSorted((left, right) => pValues[left]! - pValues[right]!);
  const adjusted = pValues.slice();
  let most = 0;
  for (const [rank, place] of order.entries()) {
    most = Math.max(most, Math.min(1, pValues[place]! * (pValues.length - rank)));
    adjusted[place] = most;
  }
  return adjusted;
}
