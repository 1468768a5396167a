import type { Bounds } from "../interval.ts";
import { meanOf, varianceOf } from "../moments.ts";
import { clusterCorrection, clustersOf } from "./clusters.ts";
import type { ClusterKey } from "./clusters.ts";
import { scoreStatistic } from "./score-statistic.ts";
import { tallyOf } from "./tally.ts";

/** What intervals and tests of a mean have in common. */
export interface MeanInference {
  readonly estimate: number;
  /** Of the estimate, as the data show it. */
  readonly standardError: number;
  /** Degrees of freedom of Student's t, which the statistic follows; infinite for the normal distribution, which a score test follows. */
  readonly degrees: number;
  /** Standard errors that the estimate lies above a mean. */
  readonly statistic: (mean: number) => number;
  /** Given if the statistic is that of bounded values, whose standard error is another at each mean. */
  readonly bounds?: Bounds;
}

/** What values are known to be like. */
export interface MeanCircumstances {
  readonly clusters?: readonly ClusterKey[];
  readonly bounds?: Bounds;
}

/** Chooses the statistic by what is known of the values; {@link meanInterval} says which it is. */
export function inferMean(
  values: readonly number[],
  { clusters: keys, bounds = [-Infinity, Infinity] }: MeanCircumstances,
): MeanInference {
  const estimate = meanOf(values);
  const bounded = Number.isFinite(bounds[0]) && Number.isFinite(bounds[1]);
  if (keys) return inferClusteredMean(values, keys, estimate, bounded ? bounds : undefined);

  const degrees = values.length - 1;
  const standardError = Math.sqrt(varianceOf(values, estimate) / values.length);
  if (!bounded) return { estimate, standardError, degrees, statistic: studentStatistic(estimate, standardError) };

  const tally = tallyOf(values);
  return {
    estimate,
    standardError,
    degrees: Infinity,
    statistic: (mean) => scoreStatistic(tally, mean, bounds),
    bounds,
  };
}

function inferClusteredMean(
  values: readonly number[],
  keys: readonly ClusterKey[],
  estimate: number,
  bounds: Bounds | undefined,
): MeanInference {
  const clusters = clustersOf(values, keys);
  const { degrees, factors } = clusterCorrection(clusters);
  let variance = 0;
  for (const [place, { sum, size }] of clusters.entries()) variance += factors[place]! * (sum - size * estimate) ** 2;
  const standardError = Math.sqrt(variance) / values.length;
  if (!bounds) return { estimate, standardError, degrees, statistic: studentStatistic(estimate, standardError) };

  const size = values.length / clusters.length;
  const [least, most] = bounds;
  const statistic = (mean: number): number => {
    // Each cluster's deviations from the mean, added up: expected to be 0, and of a cluster of usual size within its share of the bounds.
    const tally = tallyOf(clusters.map((cluster) => cluster.sum - cluster.size * mean));
    let [lowest, highest] = [size * (least - mean), size * (most - mean)];
    for (const sum of tally.values) [lowest, highest] = [Math.min(lowest, sum), Math.max(highest, sum)];
    return scoreStatistic(tally, 0, [lowest, highest]);
  };
  return { estimate, standardError, degrees: Infinity, statistic, bounds };
}

function studentStatistic(estimate: number, standardError: number): (mean: number) => number {
  return (mean) => (estimate === mean ? 0 : (estimate - mean) / standardError);
}
