import { ClusterTotals, runningMean } from "@plugboard/statistics";
import type { Interval } from "@plugboard/statistics";
import { noContestOf } from "./contest.ts";
import type { Contest, NoContest } from "./contest.ts";
import type { SettledGate } from "./gate.ts";
import { ratioInterval } from "./mean-contest.ts";
import { meanOf } from "./mean-of.ts";
import { fewestClusters, judgeRunning, shownConfidence } from "./running-gate.ts";
import type { Sample } from "./sample-of.ts";

/**
 * Compares means by intervals that may be looked at after every item: for studies that end when what was seen says so.
 *
 * As `meanContest`, paired by item, by cluster, and with a margin in percent as a multiple of the baseline; the intervals are those of
 * `runningMean`. How many items are missing it cannot tell.
 */
export function runningContest(
  gate: SettledGate,
  sample: Sample,
  fewest: number = fewestClusters,
): Contest | NoContest {
  const none = noContestOf(gate, sample);
  if (none) return none;
  const clusters = sample.clusters ? new Set(sample.clusters).size : sample.items.length;
  if (clusters < fewest)
    return {
      reason: `${clusters} clusters or items are too few for a test that may stop early; ${fewest} are the least.`,
    };
  const [baseline, candidate] = [sample.baseline.map(meanOf), sample.candidate.map(meanOf)];
  const keys = sample.clusters ?? sample.items.map(({ item }) => item);
  const intervalOf = (values: readonly number[], confidence: number, least: number): Interval => {
    const totals = new ClusterTotals(groups);
    for (const [place, value] of values.entries()) totals.add(keys[place]!, value);
    const bounds = gate.unit === "share" ? { bounds: [least, 1] as const } : {};
    const estimate = meanOf(values);
    return (
      runningMean(totals, { confidence, ...bounds }) ?? { estimate, lower: -Infinity, upper: Infinity, confidence }
    );
  };
  const between = (factor: number, confidence: number): Interval =>
    intervalOf(
      candidate.map((figure, place) => figure - factor * baseline[place]!),
      confidence,
      -1,
    );
  return {
    verdictAt: (confidence) => {
      const level = shownConfidence(confidence);
      return judgeRunning(gate, between, { pass: level, fail: level });
    },
    difference: (confidence) =>
      gate.relative
        ? ratioInterval({ baseline, candidate }, confidence, (share) => between(share, confidence))
        : between(1, confidence),
    sides: (confidence) => ({
      baseline: intervalOf(baseline, confidence, 0),
      candidate: intervalOf(candidate, confidence, 0),
    }),
    missing: () => undefined,
  };
}

/** Clusters are told apart by as many groups; more of them than this are put together. */
export const groups = 256;
