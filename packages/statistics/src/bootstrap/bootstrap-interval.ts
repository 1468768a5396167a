import { checkCount, checkShare } from "../check.ts";
import { normalCdf, normalQuantile } from "../distributions/normal.ts";
import type { ConfidenceOptions, Interval } from "../interval.ts";
import { meanOf } from "../moments.ts";
import { seededRandom } from "../random.ts";
import type { RandomSource } from "../random.ts";

/** How the bootstrap resamples. */
export interface BootstrapOptions extends ConfidenceOptions {
  /**
   * - `bca`: bias-corrected and accelerated; right to second order
   * - `percentile`: the middle of what the resamples gave
   *
   * @default "bca"
   */
  readonly method?: "bca" | "percentile";
  /** How many samples are drawn. @default 2000 */
  readonly resamples?: number;
  /** Where chance comes from. @default seededRandom(1): the same interval each time */
  readonly random?: RandomSource;
}

/** Jackknife values are of one item left out each, or of one block of items, where there are more than this many. */
const blocks = 500;

/**
 * The interval around any statistic of items, by drawing the items again with replacement.
 *
 * An item is whatever is independent of the others: a pair of scores for a paired bootstrap, all values of a cluster for clusters. BCa takes the
 * percentiles `Φ(z₀ + (z₀ ± z) / (1 − a (z₀ ± z)))`, z₀ from the share of resamples below the estimate, a from the skewness of the jackknife
 * (Efron, Better bootstrap confidence intervals, JASA 82, 1987; Efron and Tibshirani, An introduction to the bootstrap, 14.3).
 *
 * For a mean, and few or mostly equal items, {@link pairedDifference} and {@link meanInterval} hold better: this is for medians, percentiles,
 * ratios and the like. Of few and skewed values it covers less than it says: the mean of 40 exponential ones is held in 93 of 100 studies at 95 %.
 *
 * @throws {RangeError} if there are fewer than 2 items, or the statistic gives no finite number
 * @example
 * const pairs = before.map((score, place) => ({ before: score, after: after[place]! }));
 * bootstrapInterval(pairs, (sample) => median(sample.map((pair) => pair.after - pair.before)));
 */
export function bootstrapInterval<Item>(
  items: readonly Item[],
  statistic: (sample: readonly Item[]) => number,
  { confidence = 0.95, method = "bca", resamples = 2000, random = seededRandom(1) }: BootstrapOptions = {},
): Interval {
  checkCount("items.length", items.length, 2);
  checkShare("confidence", confidence);
  checkCount("resamples", resamples, 100);
  const estimate = statistic(items);
  const sample = items.slice();
  const drawn = Array.from({ length: resamples }, () => {
    for (let place = 0; place < sample.length; place++) sample[place] = items[Math.floor(random() * items.length)]!;
    return statistic(sample);
  });
  for (const value of [estimate, ...drawn])
    if (!Number.isFinite(value)) throw new RangeError(`\`statistic\` must give a finite number; it gave ${value}.`);
  drawn.sort((left, right) => left - right);

  const tail = (1 - confidence) / 2;
  const [low, high] =
    method === "bca" ? adjusted(tail, estimate, drawn, jackknife(items, statistic)) : [tail, 1 - tail];
  return { estimate, lower: percentile(drawn, low), upper: percentile(drawn, high), confidence };
}

/** The percentiles that BCa reads in place of `tail` and 1 − `tail`. */
function adjusted(
  tail: number,
  estimate: number,
  drawn: readonly number[],
  leftOut: readonly number[],
): readonly [number, number] {
  // Ties count half, so that a discrete statistic has no bias of its own.
  let below = 0;
  for (const value of drawn) below += value < estimate ? 1 : value === estimate ? 0.5 : 0;
  const bias = normalQuantile(Math.min(Math.max(below, 0.5), drawn.length - 0.5) / drawn.length);

  const centre = meanOf(leftOut);
  let squares = 0;
  let cubes = 0;
  for (const value of leftOut) {
    squares += (centre - value) ** 2;
    cubes += (centre - value) ** 3;
  }
  const acceleration = squares === 0 ? 0 : cubes / (6 * squares ** 1.5);
  const moved = (z: number): number => normalCdf(bias + (bias + z) / (1 - acceleration * (bias + z)));
  return [moved(normalQuantile(tail)), moved(normalQuantile(1 - tail))];
}

function jackknife<Item>(items: readonly Item[], statistic: (sample: readonly Item[]) => number): number[] {
  const count = Math.min(blocks, items.length);
  return Array.from({ length: count }, (_, block) =>
    statistic(items.filter((_item, place) => place % count !== block)),
  );
}

/** By (B + 1) p, as the bootstrap's percentiles are counted; between two by their distance. */
function percentile(sorted: readonly number[], share: number): number {
  const rank = Math.min(Math.max((sorted.length + 1) * share - 1, 0), sorted.length - 1);
  const below = Math.floor(rank);
  const lower = sorted[below]!;
  return lower + (rank - below) * ((sorted[below + 1] ?? lower) - lower);
}
