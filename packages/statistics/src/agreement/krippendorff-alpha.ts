import { bootstrapInterval } from "../bootstrap/bootstrap-interval.ts";
import type { BootstrapOptions } from "../bootstrap/bootstrap-interval.ts";
import { checkCount, checkValues } from "../check.ts";
import type { Interval } from "../interval.ts";
import { ranksOf } from "./ranks.ts";

/** What the labels are, and how the interval is made. */
export interface AlphaOptions extends BootstrapOptions {
  /** `nominal`: names. `ordinal`: ranks. `interval`: amounts. @default "nominal" */
  readonly level?: "nominal" | "ordinal" | "interval";
}

/**
 * Krippendorff's alpha: how much any number of judges agree beyond what chance gives, where some may not have judged some items.
 *
 * `1 − D_o / D_e`: the mean squared distance of labels of one item by that of all labels (Krippendorff, Computing Krippendorff's
 * alpha-reliability, 2011). Distances are 0 or 1 for names, differences for amounts, and differences of shared ranks for ranks. Intervals by
 * drawing items again.
 *
 * @param items each item's labels, as numbers; which judge gave which does not matter
 * @throws {RangeError} if a label is no finite number, fewer than 2 items have 2 labels, or all labels are the same
 * @example
 * krippendorffAlpha([[1, 1], [2, 2], [1, 2], [3, 3, 3]]);
 */
export function krippendorffAlpha(
  items: readonly (readonly number[])[],
  { level = "nominal", ...options }: AlphaOptions = {},
): Interval {
  for (const [item, labels] of items.entries()) checkValues(`items[${item}]`, labels, 0);
  // A label that stands alone agrees with nothing.
  const judged = items.filter((labels) => labels.length > 1);
  checkCount("items with 2 or more labels", judged.length, 2);
  if (new Set(judged.flat()).size < 2)
    throw new RangeError("`items` hold one label only: agreement beyond chance is not defined.");
  return bootstrapInterval(judged, (sample) => alphaOf(sample, level), { method: "percentile", ...options });
}

function alphaOf(items: readonly (readonly number[])[], level: "nominal" | "ordinal" | "interval"): number {
  const labels = items.flat();
  const positions = level === "ordinal" ? ranksOf(labels) : labels;
  const disagreement = level === "nominal" ? unequalPairs : squaredDistances;
  const expected = disagreement(positions) / (labels.length - 1);
  let observed = 0;
  let start = 0;
  for (const { length } of items) {
    observed += disagreement(positions.slice(start, start + length)) / (length - 1);
    start += length;
  }
  // A resample of nothing but one label has nothing to disagree on.
  return expected === 0 ? 1 : 1 - observed / expected;
}

/** Σ over ordered pairs of (x − y)² = 2 (n Σx² − (Σx)²), about the mean for the digits' sake. */
function squaredDistances(values: readonly number[]): number {
  const centre = values.reduce((sum, value) => sum + value, 0) / values.length;
  return 2 * values.length * values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
}

/** Ordered pairs of unequal values: n² − Σ count². */
function unequalPairs(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  let equal = 0;
  for (const count of counts.values()) equal += count * count;
  return values.length ** 2 - equal;
}
