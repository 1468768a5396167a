import type { LimitStore, LimitTake, TakeOutcome } from "@plugboard/core";

/** What was taken of one limit at one time, less what was given back. */
interface Line extends LimitTake {
  readonly at: number;
  left: number;
}

/** Limits that keep every take and add them up anew each time: slow, and so short that one can see that they are right. */
export function plainLimits(clock: () => number): LimitStore {
  const lines: Line[] = [];
  let latest = -Infinity;
  const now = (): number => (latest = Math.max(latest, clock()));

  function used({ key, window }: LimitTake, at: number): number {
    const counting = lines.filter((line) => line.key === key && line.window === window && line.at > at - window);
    return counting.reduce((sum, { left }) => sum + left, 0);
  }

  return {
    async take(takes) {
      const at = now();
      // The widest last: who waits for that has waited for all.
      let refused: TakeOutcome | undefined;
      for (const take of takes.toSorted((a, b) => a.window - b.window)) {
        const { key, limit, window, cost } = take;
        const same = takes.filter((other) => other.key === key && other.window === window);
        const wanted = same.reduce((sum, other) => sum + other.cost, 0);
        if (used(take, at) + wanted <= limit) continue;
        refused = { granted: false, limit: { key, limit, window }, retryAfter: cost > limit ? Infinity : window };
      }
      if (refused) return refused;
      for (const take of takes) lines.push({ ...take, at, left: take.cost });
      return { granted: true, at };
    },
    async refund(takes, at) {
      for (const { key, window, cost } of takes) {
        let back = cost;
        for (const line of lines) {
          if (line.key !== key || line.window !== window || line.at !== at) continue;
          const part = Math.min(back, line.left);
          line.left -= part;
          back -= part;
        }
      }
    },
  };
}
