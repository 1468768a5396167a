import type { Interval } from "../interval.ts";
import { overItems, shareOfDraws } from "./pass-at-k.ts";
import type { RepeatedRuns, RunsOptions } from "./pass-at-k.ts";

/**
 * pass^k: the share of items of which all of k runs succeed, with its interval over items. What counts where a task is done again and again.
 *
 * Of an item with c successes in n runs, without bias, `C(c, k) / C(n, k)` (Yao et al., τ-bench, 2024).
 *
 * @throws {RangeError} if there are fewer than 2 items, or one has fewer than k runs
 * @example
 * passHatK([{ trials: 5, successes: 4 }, { trials: 5, successes: 5 }], { k: 2 }); // estimate 0.8
 */
export function passHatK(items: readonly RepeatedRuns[], options: RunsOptions): Interval {
  return overItems(items, options, ({ trials, successes }, k) => shareOfDraws(successes, trials, k));
}
