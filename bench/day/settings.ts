import type { DayLimits } from "./replay-day.ts";

/** Limits that a day runs into: at its rushes it has to wait, and what its largest tenants want is more than they are given. */
export function dayLimits(isReal: boolean, share: number): DayLimits {
  const usd = 1e9 * share;
  return isReal
    ? { requests: 500, tokens: 2_500_000, wait: 30_000, budget: 30 * usd, tenantBudget: 8 * usd }
    : { requests: 300, tokens: 1_000_000, wait: 30_000, budget: 10 * usd, tenantBudget: 3 * usd };
}

/** Numbers from 0 to 1, the same ones for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
