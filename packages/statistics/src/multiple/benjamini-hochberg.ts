import { checkValues } from "../check.ts";

/**
 * Adjusts the p-values of many metrics, so that of those below 0.05 at most 5 % are expected to be false discoveries.
 *
 * Step up: sorted upwards, the i-th of m is taken by m / i, and none is more than the one after (Benjamini and Hochberg, Controlling the false
 * discovery rate, JRSS B 57, 1995). For many looks at segments; for gates that must hold together, {@link holm}. Holds for independent or
 * positively dependent metrics.
 *
 * @returns adjusted p-values in the order given
 * @throws {RangeError} if one is not between 0 and 1
 * @example
 * benjaminiHochberg([0.01, 0.04, 0.03]); // [0.03, 0.04, 0.04]
 */
export function benjaminiHochberg(pValues: readonly number[]): number[] {
  checkValues("pValues", pValues, 0, [0, 1]);
  const order = pValues.map((_, place) => place).toSorted((left, right) => pValues[right]! - pValues[left]!);
  const adjusted = pValues.slice();
  let least = 1;
  for (const [rank, place] of order.entries()) {
    least = Math.min(least, (pValues[place]! * pValues.length) / (pValues.length - rank));
    adjusted[place] = least;
  }
  return adjusted;
}
