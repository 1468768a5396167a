import { bisect } from "../bisect.ts";
import { checkBounds, checkPaired, checkValues } from "../check.ts";
import { studentCdf } from "../distributions/student-t.ts";
import type { Bounds, Interval } from "../interval.ts";
import { clustersOf } from "../means/clusters.ts";
import type { ClusterKey } from "../means/clusters.ts";
import { inferMean } from "../means/mean-inference.ts";
import { invertMean } from "../means/mean-interval.ts";
import { pairedCounts } from "./paired-counts.ts";
import { pairedProportionPValue, tangoScore } from "./paired-proportion-test.ts";
import type { Discordance } from "./paired-proportion-test.ts";

/** Two models' scores on the same items, in the same order. */
export interface PairedScores {
  readonly baseline: readonly number[];
  readonly candidate: readonly number[];
  /** What each item belongs to, where several stand or fall together: their document, their author, their template. */
  readonly clusters?: readonly ClusterKey[];
  /**
   * The least and the greatest score there can be. Milliseconds and costs have no greatest: `[0, Infinity]`.
   *
   * @default [0, 1]
   */
  readonly bounds?: Bounds;
}

/** What intervals and verdicts about the difference of two models have in common: the candidate's score less the baseline's. */
export interface PairedInference {
  readonly items: number;
  readonly estimate: number;
  readonly standardError: number;
  /** Standard errors that the estimate lies above a difference. */
  readonly statistic: (difference: number) => number;
  /** The one-sided p-value against a true difference of at most this. */
  readonly pValueAbove: (difference: number) => number;
  /** The one-sided p-value against a true difference of at least this. */
  readonly pValueBelow: (difference: number) => number;
  /** The differences that neither test rejects. A bound and the p-value at a `hinge` never disagree on which side of it they stand. */
  readonly interval: (confidence: number, hinges?: readonly number[]) => Interval;
}

/** Chooses the test by what the scores are like; {@link pairedDifference} says which it is. */
export function inferPaired({ baseline, candidate, clusters, bounds = [0, 1] }: PairedScores): PairedInference {
  checkBounds(bounds);
  checkPaired("baseline", baseline, "candidate", candidate);
  checkValues("baseline", baseline, 2, bounds);
  checkValues("candidate", candidate, 2, bounds);
  const items = baseline.length;
  const counts = clusters ? undefined : pairedCounts(baseline, candidate);
  if (counts) return inferPairedProportions({ items, ...counts });

  const differences = candidate.map((score, place) => score - baseline[place]!);
  const reach = reachOf(differences, clusters, bounds[1] - bounds[0]);
  const inference = inferMean(differences, { bounds: [-reach, reach], ...(clusters && { clusters }) });
  return {
    items,
    estimate: inference.estimate,
    standardError: inference.standardError,
    statistic: inference.statistic,
    pValueAbove: (difference) => studentCdf(-inference.statistic(difference), inference.degrees),
    pValueBelow: (difference) => studentCdf(inference.statistic(difference), inference.degrees),
    interval: (confidence) => invertMean(inference, confidence),
  };
}

/**
 * The largest loss or gain that is reckoned with though it was not seen: as large as one that was, in either direction. The whole range if all
 * are equal, or it is without bounds. Of clusters, their sums by the mean size.
 */
function reachOf(differences: readonly number[], clusters: readonly ClusterKey[] | undefined, range: number): number {
  if (range === Infinity) return range;
  const parts = clusters ? clustersOf(differences, clusters).map(({ sum }) => sum) : differences;
  let reach = 0;
  for (const part of parts) reach = Math.max(reach, Math.abs(part));
  return reach === 0 ? range : (reach * parts.length) / differences.length;
}

/** Of right and wrong answers, by their counts. */
export function inferPairedProportions(table: Discordance): PairedInference {
  const { items, onlyBaseline, onlyCandidate } = table;
  const swapped = { items, onlyBaseline: onlyCandidate, onlyCandidate: onlyBaseline };
  const estimate = (onlyCandidate - onlyBaseline) / items;
  const pValueAbove = (difference: number): number => pairedProportionPValue(table, difference);
  const pValueBelow = (difference: number): number => pairedProportionPValue(swapped, -difference);
  return {
    items,
    estimate,
    standardError: Math.sqrt(((onlyBaseline + onlyCandidate) / items - estimate ** 2) / items),
    statistic: (difference) => tangoScore(items, onlyBaseline, onlyCandidate, difference),
    pValueAbove,
    pValueBelow,
    interval(confidence, hinges = []) {
      const tail = (1 - confidence) / 2;
      const lower = firstKept(
        estimate,
        hinges,
        (difference) => pairedProportionPValue(table, difference, tail) <= tail,
      );
      const upper = -firstKept(
        -estimate,
        hinges.map((hinge) => -hinge),
        (difference) => pairedProportionPValue(swapped, difference, tail) <= tail,
      );
      return { estimate, lower, upper, confidence };
    },
  };
}

/** Where rejection ends, on the way from −1 to the estimate. It looks at the hinges first, and then on their right side. */
function firstKept(estimate: number, hinges: readonly number[], rejected: (difference: number) => boolean): number {
  let [left, right] = [-1, estimate];
  for (const hinge of hinges) {
    if (hinge <= left || hinge >= right) continue;
    if (rejected(hinge)) left = hinge;
    else right = hinge;
  }
  return bisect(left, right, rejected, 1e-8);
}
