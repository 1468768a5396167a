import { checkNumber } from "../check.ts";

/**
 * A quantile of sorted values, between two of them by distance: what R calls type 7, and spreadsheets PERCENTILE.
 *
 * @param sorted upwards, one or more
 * @throws {RangeError} if the quantile is not from 0 to 1
 * @example
 * quantileOf([10, 20, 30, 40], 0.5); // 25
 */
export function quantileOf(sorted: readonly number[], quantile: number): number {
  checkNumber("quantile", quantile, 0, 1);
  checkNumber("sorted.length", sorted.length, 1);
  const rank = (sorted.length - 1) * quantile;
  const below = Math.floor(rank);
  const lower = sorted[below]!;
  return lower + (rank - below) * ((sorted[below + 1] ?? lower) - lower);
}
