import { checkPositive, checkShare } from "../check.ts";
import { normalCdf } from "../distributions/normal.ts";
import { studentQuantile } from "../distributions/student-t.ts";
import type { Bounds, Interval } from "../interval.ts";
import type { ClusterTotals, ClusteredMean } from "./cluster-totals.ts";

/** What is compared, and how surely. */
export interface RunningOptions {
  /** Share of studies in which *all* intervals, from the first on, hold the truth. @default 0.95 */
  readonly confidence?: number;
  /** The least and the greatest that a value can be, where there are such; it keeps early intervals from being too narrow. @default none */
  readonly bounds?: Bounds;
  /** What the baseline's mean is taken times: 1.1 asks whether the candidate is above it by more than a tenth. @default 1 */
  readonly factor?: number;
}

/** The interval is narrowest, for what can be known, when there are as many independent values as this. */
const tuned = 400;

/**
 * The candidate's mean less the baseline's, of values that keep coming to each and belong together by cluster, in an interval that may be
 * looked at whenever one likes. Undefined as long as one of them has values of fewer than two groups of clusters.
 *
 * An asymptotic confidence sequence (Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas, Time-uniform central limit theory and asymptotic
 * confidence sequences, Annals of Statistics 52, 2024), with the variance of clustered means in place of that of independent values, and
 * what these are worth as the number of them. As there, each bound by itself misses with half of 1 − `confidence`; Student's t in place
 * of the normal makes up for few clusters. It holds for means of any kind, approximately; how well is in `scripts/sequential.ts`.
 *
 * @throws {RangeError} for a confidence or a factor that cannot be
 * @example
 * const { lower } = runningDifference(before, after, { bounds: [0, 1] }) ?? { lower: -1 };
 * if (lower > 0.02) rollBack();
 */
export function runningDifference(
  baseline: ClusterTotals,
  candidate: ClusterTotals,
  { confidence = 0.95, bounds, factor = 1 }: RunningOptions = {},
): Interval | undefined {
  checkShare("confidence", confidence);
  checkPositive("factor", factor);
  const before = baseline.mean(bounds);
  const after = candidate.mean(bounds);
  if (!before || !after) return undefined;
  return around(
    [
      { of: after, weight: 1 },
      { of: before, weight: -factor },
    ],
    confidence,
  );
}

/**
 * The mean of values that keep coming, such as differences of pairs: as {@link runningDifference}.
 *
 * @throws {RangeError} for a confidence that cannot be
 */
export function runningMean(
  totals: ClusterTotals,
  { confidence = 0.95, bounds }: Pick<RunningOptions, "confidence" | "bounds"> = {},
): Interval | undefined {
  checkShare("confidence", confidence);
  const of = totals.mean(bounds);
  return of && around([{ of, weight: 1 }], confidence);
}

/** The interval around a weighted sum of independent means. */
function around(
  parts: readonly { readonly of: ClusteredMean; readonly weight: number }[],
  confidence: number,
): Interval {
  let estimate = 0;
  let variance = 0;
  let spread = 0;
  let shares = 0;
  for (const { of, weight } of parts) {
    const own = weight ** 2 * of.variance;
    estimate += weight * of.mean;
    variance += own;
    spread += weight ** 2 * of.spread;
    shares += own ** 2 / of.degrees;
  }
  if (variance === 0) return { estimate, lower: estimate, upper: estimate, confidence };
  const width = Math.sqrt(variance) * multiplier(spread / variance, variance ** 2 / shares, (1 - confidence) / 2);
  return { estimate, lower: estimate - width, upper: estimate + width, confidence };
}

/** Standard errors to the bound that is ever passed with probability `miss`, at `size` independent values. */
function multiplier(size: number, degrees: number, miss: number): number {
  const line = -2 * Math.log(2 * miss);
  const growth = (size * (line + Math.log(line) + 1)) / tuned;
  const deviations = Math.sqrt(2 * (1 + 1 / growth) * Math.log1p(Math.sqrt(growth + 1) / (2 * miss)));
  const tail = normalCdf(-deviations);
  // So far out, what Student's t adds is beyond what doubles can say of its tail.
  return tail < 1e-12 ? deviations * Math.sqrt(1 + deviations ** 2 / degrees) : -studentQuantile(tail, degrees);
}
