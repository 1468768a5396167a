import { bootstrapInterval } from "../bootstrap/bootstrap-interval.ts";
import type { BootstrapOptions } from "../bootstrap/bootstrap-interval.ts";
import { checkCount, checkValues } from "../check.ts";
import type { Interval } from "../interval.ts";
import { meanOf } from "../moments.ts";

/** Where the spread of scores comes from. */
export interface VarianceComponents {
  /** Of items: how much their expected scores differ. 0 if the runs alone explain it. */
  readonly between: Interval;
  /** Of runs: how much the scores of one item differ. */
  readonly within: Interval;
  /** between / (between + within): how much one run says of an item. The intraclass correlation, ICC(1). */
  readonly reliability: Interval;
}

/**
 * Variance between items and within, of repeated runs: whether more runs or more items make a score surer.
 *
 * One-way analysis of variance with random items: within = MSW, between = (MSB − MSW) / n₀, at least 0, n₀ being the usual number of runs, or
 * `(N − Σ nᵢ²/N) / (I − 1)` where it differs (Searle, Casella and McCulloch, Variance components, 3.6). A score of I items of r runs has
 * variance (between + within / r) / I. Intervals by drawing items again.
 *
 * @param items each item's scores
 * @throws {RangeError} if there are fewer than 3 items, or none was run twice
 * @example
 * varianceComponents([[1, 1, 0], [0, 0, 0], [1, 1, 1]]).within.estimate; // 0.11
 */
export function varianceComponents(
  items: readonly (readonly number[])[],
  options: BootstrapOptions = {},
): VarianceComponents {
  checkCount("items.length", items.length, 3);
  for (const [item, scores] of items.entries()) checkValues(`items[${item}]`, scores, 1);
  if (items.every(({ length }) => length === 1))
    throw new RangeError("`items` must hold an item with 2 or more scores; each has 1.");
  const summaries = items.map(summaryOf);
  const interval = (part: (sample: readonly Summary[]) => number): Interval =>
    bootstrapInterval(summaries, part, { method: "percentile", ...options });
  return {
    between: interval((sample) => componentsOf(sample).between),
    within: interval((sample) => componentsOf(sample).within),
    reliability: interval((sample) => {
      const { between, within } = componentsOf(sample);
      return between + within === 0 ? 0 : between / (between + within);
    }),
  };
}

interface Summary {
  readonly runs: number;
  readonly mean: number;
  readonly squares: number;
}

function summaryOf(scores: readonly number[]): Summary {
  const mean = meanOf(scores);
  let squares = 0;
  for (const score of scores) squares += (score - mean) ** 2;
  return { runs: scores.length, mean, squares };
}

function componentsOf(items: readonly Summary[]): { readonly between: number; readonly within: number } {
  let runs = 0;
  let runsSquared = 0;
  let sum = 0;
  let squaresWithin = 0;
  for (const item of items) {
    runs += item.runs;
    runsSquared += item.runs ** 2;
    sum += item.runs * item.mean;
    squaresWithin += item.squares;
  }
  let squaresBetween = 0;
  for (const item of items) squaresBetween += item.runs * (item.mean - sum / runs) ** 2;
  const within = runs === items.length ? 0 : squaresWithin / (runs - items.length);
  const usualRuns = (runs - runsSquared / runs) / (items.length - 1);
  return { between: Math.max(0, (squaresBetween / (items.length - 1) - within) / usualRuns), within };
}
