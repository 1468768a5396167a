import { checkCount } from "../check.ts";
import type { ConfidenceOptions, Interval } from "../interval.ts";
import { meanInterval } from "../means/mean-interval.ts";

/** How often one item was tried, and how often that succeeded. */
export interface RepeatedRuns {
  readonly trials: number;
  readonly successes: number;
}

/** How many runs are looked at together. */
export interface RunsOptions extends ConfidenceOptions {
  /** Runs of an item that are looked at together; no item may have fewer. */
  readonly k: number;
}

/**
 * pass@k: the share of items of which at least one of k runs succeeds, with its interval over items.
 *
 * Of an item with c successes in n runs, without bias, `1 − C(n − c, k) / C(n, k)` (Chen et al., Evaluating large language models trained on code,
 * 2021). Taking 1 − (1 − c/n)^k instead says too little.
 *
 * @throws {RangeError} if there are fewer than 2 items, or one has fewer than k runs
 * @example
 * passAtK([{ trials: 5, successes: 2 }, { trials: 5, successes: 0 }], { k: 2 }); // estimate 0.35
 */
export function passAtK(items: readonly RepeatedRuns[], options: RunsOptions): Interval {
  return overItems(items, options, ({ trials, successes }, k) => 1 - shareOfDraws(trials - successes, trials, k));
}

/** The interval of a mean over items, each of which gives a share. */
export function overItems(
  items: readonly RepeatedRuns[],
  { k, ...options }: RunsOptions,
  shareOf: (runs: RepeatedRuns, k: number) => number,
): Interval {
  checkCount("k", k, 1);
  for (const { trials, successes } of items) {
    checkCount("trials", trials, k);
    checkCount("successes", successes, 0, trials);
  }
  return meanInterval(
    items.map((runs) => shareOf(runs, k)),
    { ...options, bounds: [0, 1] },
  );
}

/** C(chosen, k) / C(all, k): how often k of all are all among the chosen. */
export function shareOfDraws(chosen: number, all: number, k: number): number {
  let share = 1;
  for (let draw = 0; draw < k; draw++) share *= Math.max(0, chosen - draw) / (all - draw);
  return share;
}
