import type { Limit, LimitStore } from "@plugboard/core";
import { readTakes } from "@plugboard/core/store";
import { SlidingLog } from "./sliding-log.ts";

/** What limits in memory go by. */
export interface MemoryLimitsOptions {
  /** Milliseconds. @default a clock that is never set back, nor forward */
  readonly clock?: () => number;
}

/** With fewer limits than this in memory, nobody looks for those that can be forgotten. */
const few = 1000;

/**
 * Limits that live in this process and are gone with it: for one process, and for tests.
 *
 * It keeps a log of what was taken within the window rather than the one number of a leaky bucket (GCRA). A bucket that keeps to the
 * limit in every window either refuses a prompt that is larger than its burst, or gives up as much of the rate.
 *
 * @example
 * const store = memoryLimits();
 * const fast = openai("gpt-4o-mini").with(rateLimit({ limit: { tokens: 200_000, of: "provider" }, store }));
 * const good = openai("gpt-4o").with(rateLimit({ limit: { tokens: 200_000, of: "provider" }, store })); // the same limit
 */
export function memoryLimits({ clock = () => performance.now() }: MemoryLimitsOptions = {}): LimitStore {
  const logs = new Map<string, SlidingLog>();
  /** The time, which never goes back. */
  let latest = -Infinity;
  let sweepAt = few;

  function logOf({ key, window }: Limit): SlidingLog {
    const name = nameOf(key, window);
    let log = logs.get(name);
    if (!log) {
      sweep();
      logs.set(name, (log = new SlidingLog(window)));
    }
    return log;
  }

  /** Forgets the limits of which nothing counts any more, each time that there are twice as many. */
  function sweep(): void {
    if (logs.size < sweepAt) return;
    for (const [name, log] of logs) if (log.used(latest) === 0) logs.delete(name);
    sweepAt = Math.max(few, 2 * logs.size);
  }

  // Between the test and the addition nothing is awaited: that is what makes a verb one step.
  return {
    async take(takes) {
      const asked = readTakes(takes);
      const now = (latest = Math.max(latest, clock()));
      const all = asked.map((take) => ({ take, log: logOf(take) }));

      let refused: { readonly limit: Limit; readonly retryAfter: number } | undefined;
      for (const { take, log } of all) {
        if (log.used(now) + take.cost <= take.limit) continue;
        const retryAfter = take.cost > take.limit ? Infinity : log.until(take.limit - take.cost, now);
        const { key, limit, window } = take;
        if (!refused || retryAfter > refused.retryAfter) refused = { limit: { key, limit, window }, retryAfter };
      }
      if (refused) return { granted: false, ...refused };

      for (const { take, log } of all) log.add(now, take.cost);
      return { granted: true, at: now };
    },

    async refund(takes, at) {
      for (const { key, window, cost } of readTakes(takes)) logs.get(nameOf(key, window))?.remove(at, cost);
    },
  };
}

function nameOf(key: string, window: number): string {
  return `${window}:${key}`;
}
