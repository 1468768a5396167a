import { checkPaired } from "../check.ts";
import type { Interval } from "../interval.ts";
import { bootstrapInterval } from "./bootstrap-interval.ts";
import type { BootstrapOptions } from "./bootstrap-interval.ts";

/** Two models' values on the same items, and what of each is compared. */
export interface PairedBootstrapOptions extends BootstrapOptions {
  readonly baseline: readonly number[];
  readonly candidate: readonly number[];
  /** What is compared: a mean, a median, a 95th percentile. It is given the values of one model. */
  readonly statistic: (values: readonly number[]) => number;
  /** `difference`: candidate less baseline. `ratio`: candidate by baseline. @default "difference" */
  readonly compare?: "difference" | "ratio";
}

/**
 * The interval around the difference, or ratio, of a statistic of two models, by drawing items again, each with both models' values.
 *
 * Drawing pairs keeps what the models have in common, which makes the interval narrow (Efron and Tibshirani 1993; for systems compared on the
 * same test set, Koehn, Statistical significance tests for machine translation evaluation, EMNLP 2004).
 *
 * @throws {RangeError} if the values are not paired, or fewer than 2
 * @example
 * pairedBootstrap({ baseline: latencies, candidate: otherLatencies, statistic: p95, compare: "ratio" });
 */
export function pairedBootstrap({
  baseline,
  candidate,
  statistic,
  compare = "difference",
  ...options
}: PairedBootstrapOptions): Interval {
  checkPaired("baseline", baseline, "candidate", candidate);
  const places = baseline.map((_, place) => place);
  return bootstrapInterval(
    places,
    (sample) => {
      const before = statistic(sample.map((place) => baseline[place]!));
      const after = statistic(sample.map((place) => candidate[place]!));
      return compare === "ratio" ? after / before : after - before;
    },
    options,
  );
}
