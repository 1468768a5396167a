import { ModelError } from "@plugboard/core";
import type { Limit, LimitStore } from "@plugboard/core";
import { readTakes } from "@plugboard/core/store";
import { Gcra } from "./gcra.ts";
import type { Meter } from "./meter.ts";
import { SlidingLog } from "./sliding-log.ts";

/** What limits in memory go by. */
export interface MemoryLimitsOptions {
  /** Milliseconds. @default a clock that is never set back, nor forward */
  readonly clock?: () => number;
  /**
   * `"sliding-log"` lets as much go at once as has room, and gives back whatever was not used. `"gcra"` spreads it: while a limit is in
   * use a tenth of it goes at once, and the rest one by one; it is for providers that count by the second. Of what is given back late
   * it loses a part, so it is for requests rather than for tokens. Both keep to the limit in every window.
   *
   * @default "sliding-log"
   */
  readonly algorithm?: "sliding-log" | "gcra";
}

const algorithms: Readonly<Record<NonNullable<MemoryLimitsOptions["algorithm"]>, (window: number) => Meter>> = {
  "sliding-log": (window) => new SlidingLog(window),
  gcra: (window) => new Gcra(window),
};

/** With fewer limits than this in memory, nobody looks for those that can be forgotten. */
const few = 1000;

/**
 * Limits that live in this process and are gone with it: for one process, and for tests.
 *
 * By default it keeps a log of what was taken within the window. The one number of a leaky bucket (`algorithm: "gcra"`) keeps to the limit
 * in every window only if it lets no more than a part of it go at once, so it is for spreading calls, not for using a limit up.
 *
 * @throws {ModelError} `invalid-request` for another algorithm
 * @example
 * const store = memoryLimits();
 * const fast = openai("gpt-4o-mini").with(rateLimit({ limit: { tokens: 200_000, of: "provider" }, store }));
 * const good = openai("gpt-4o").with(rateLimit({ limit: { tokens: 200_000, of: "provider" }, store })); // the same limit
 */
export function memoryLimits({
  clock = () => performance.now(),
  algorithm = "sliding-log",
}: MemoryLimitsOptions = {}): LimitStore {
  if (!Object.hasOwn(algorithms, algorithm)) {
    const message = `\`algorithm\` must be "sliding-log" or "gcra"; it is ${JSON.stringify(algorithm)}.`;
    throw new ModelError(message, { code: "invalid-request" });
  }
  const makeMeter = algorithms[algorithm];
  const meters = new Map<string, Meter>();
  /** The time, which never goes back. */
  let latest = -Infinity;
  let sweepAt = few;

  function meterOf({ key, window }: Limit): Meter {
    const name = nameOf(key, window);
    let meter = meters.get(name);
    if (!meter) {
      sweep();
      meters.set(name, (meter = makeMeter(window)));
    }
    return meter;
  }

  /** Forgets the limits of which nothing counts any more, each time that there are twice as many. */
  function sweep(): void {
    if (meters.size < sweepAt) return;
    for (const [name, meter] of meters) if (meter.isEmpty(latest)) meters.delete(name);
    sweepAt = Math.max(few, 2 * meters.size);
  }

  // Between the test and the addition nothing is awaited: that is what makes a verb one step.
  return {
    async take(takes) {
      const asked = readTakes(takes);
      const now = (latest = Math.max(latest, clock()));
      const all = asked.map((take) => ({ take, meter: meterOf(take) }));

      let refused: { readonly limit: Limit; readonly retryAfter: number } | undefined;
      for (const { take, meter } of all) {
        const retryAfter = meter.waitFor(take, now);
        if (retryAfter === 0) continue;
        const { key, limit, window } = take;
        if (!refused || retryAfter > refused.retryAfter) refused = { limit: { key, limit, window }, retryAfter };
      }
      if (refused) return { granted: false, ...refused };

      for (const { take, meter } of all) meter.add(take, now);
      return { granted: true, at: now };
    },

    async refund(takes, at) {
      const given = readTakes(takes);
      const now = (latest = Math.max(latest, clock()));
      for (const take of given) meters.get(nameOf(take.key, take.window))?.remove(take, at, now);
    },
  };
}

function nameOf(key: string, window: number): string {
  return `${window}:${key}`;
}
