import { bisect } from "../bisect.ts";
import { checkBounds, checkShare, checkValues } from "../check.ts";
import { studentQuantile } from "../distributions/student-t.ts";
import type { Bounds, ConfidenceOptions, Interval } from "../interval.ts";
import type { ClusterKey } from "./clusters.ts";
import { inferMean } from "./mean-inference.ts";
import type { MeanInference } from "./mean-inference.ts";

/** What is known of values whose mean is wanted. */
export interface MeanOptions extends ConfidenceOptions {
  /**
   * What each value belongs to, where several stand or fall together: the document that questions are asked of, the item of repeated runs.
   * Without it, values are taken for independent.
   */
  readonly clusters?: readonly ClusterKey[];
  /**
   * The least and the greatest that a value can be. With both, the interval stays within them and holds when values crowd at one end.
   *
   * @default none: an interval of Student's t
   */
  readonly bounds?: Bounds;
}

/**
 * The interval around a mean.
 *
 * - Of independent values: `x̄ ± t s/√n`, t with n − 1 degrees of freedom (Student 1908).
 * - With `clusters`: `x̄ ± t √(Σ f_g e_g²)/n`, e_g being a cluster's sum of residuals; f_g and the degrees of freedom are those of CR2, which holds
 *   for few and unequal clusters, too (Bell and McCaffrey 2002; for evaluations, Miller, Adding error bars to evals, 2024).
 * - With `bounds`: all means that a score test does not reject, so that the spread is the one expected at each mean and not the one that
 *   happened to be seen. With clusters, of their sums.
 *
 * @throws {RangeError} if there are fewer than 2 values, one is outside the bounds, or all are of one cluster
 * @example
 * meanInterval([0.5, 1, 1, 0.75, 0], { bounds: [0, 1] }); // estimate 0.65
 */
export function meanInterval(
  values: readonly number[],
  { confidence = 0.95, ...circumstances }: MeanOptions = {},
): Interval {
  checkShare("confidence", confidence);
  if (circumstances.bounds) checkBounds(circumstances.bounds);
  checkValues("values", values, 2, circumstances.bounds);
  return invertMean(inferMean(values, circumstances), confidence);
}

/** All means that the statistic does not reject. */
export function invertMean(inference: MeanInference, confidence: number): Interval {
  const { estimate, standardError, degrees, statistic, bounds } = inference;
  const critical = studentQuantile((1 + confidence) / 2, degrees);
  if (!bounds) {
    const half = critical * standardError;
    return { estimate, lower: estimate - half, upper: estimate + half, confidence };
  }

  const [least, most] = bounds;
  const precision = 1e-10 * (most - least);
  const lower = bisect(least, estimate, (mean) => statistic(mean) > critical, precision);
  const upper = -bisect(-most, -estimate, (mean) => statistic(-mean) < -critical, precision);
  return { estimate, lower, upper, confidence };
}
