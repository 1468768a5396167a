import { describe, expect, test } from "vitest";
import type { LimitStore, LimitTake } from "@plugboard/core";
import { plainLimits } from "./plain-limits.ts";
import { checkRule } from "./rule.ts";
import { limitRules, testLimitStore } from "./test-limit-store.ts";

testLimitStore("plain limits", ({ clock }) => plainLimits(clock));

/** Broken limits, and the rule that finds each. */
const broken: Record<string, (store: LimitStore, clock: () => number) => Partial<LimitStore>> = {
  "grants as much as the limit, one by one, and no more": (_, clock) => ({
    take: async () => ({ granted: true, at: clock() }),
  }),
  // A leaky bucket that keeps to the limit in every window has a burst of a part of it.
  "grants the whole limit at once, and never more than that": (store) => ({
    take: (takes) => store.take(takes.map((one) => ({ ...one, limit: one.cost > 1 ? one.limit / 10 : one.limit }))),
  }),
  "takes of all limits or of none": (store) => ({
    async take(takes) {
      let outcome = await store.take([]);
      for (const one of takes) {
        outcome = await store.take([one]);
        if (!outcome.granted) break;
      }
      return outcome;
    },
  }),
  "counts a limit that is named twice for both": (store) => ({
    take: (takes) => store.take(takes.filter(({ key }, place) => takes.findIndex((one) => one.key === key) === place)),
  }),
  "keeps keys apart, and the windows of one key": (store) => ({
    take: (takes) => store.take(takes.map((one) => ({ ...one, key: one.key.toLowerCase() }))),
  }),
  "lets callers who race take no more than the limit together": (store, clock) => {
    let used = 0;
    return {
      async take([one]) {
        const seen = used;
        await Promise.resolve();
        if (seen + one!.cost > one!.limit) return store.take([{ ...one!, cost: one!.limit + 1 }]);
        used = seen + one!.cost;
        return { granted: true, at: clock() };
      },
    };
  },
  "gives back what was not used, and no more than was taken": () => ({ refund: async () => {} }),
  "counts what was taken for the whole of its window": (_, clock) => fixedWindows(clock),
  "gives back to the time at which it was taken, not to another": (store) => {
    // The latest take is the one that is refunded, whichever was meant.
    let last = 0;
    return {
      async take(takes) {
        const outcome = await store.take(takes);
        if (outcome.granted) last = outcome.at;
        return outcome;
      },
      refund: (takes) => store.refund(takes, last),
    };
  },
  "gives nothing back once the window has moved on": (store) => {
    let last = 0;
    return {
      async take(takes) {
        const outcome = await store.take(takes);
        if (outcome.granted) last = outcome.at;
        return outcome;
      },
      refund: (takes) => store.refund(takes, last),
    };
  },
  "frees nothing when its clock is set back": (_, clock) => fixedWindows(clock),
  "never grants more than the limit in any window, whatever comes when, is given back or is set back": (_, clock) =>
    bucket(clock),
};

/** Counts anew each minute by the clock: twice the limit at the border. */
function fixedWindows(clock: () => number): LimitStore {
  const counts = new Map<string, number>();
  const nameOf = ({ key, window }: LimitTake): string => `${key} ${window} ${Math.floor((clock() + 1) / window)}`;
  return {
    async take(takes) {
      for (const one of takes) {
        const { key, limit, window, cost } = one;
        if ((counts.get(nameOf(one)) ?? 0) + cost > limit) {
          return { granted: false, limit: { key, limit, window }, retryAfter: window };
        }
      }
      for (const one of takes) counts.set(nameOf(one), (counts.get(nameOf(one)) ?? 0) + one.cost);
      return { granted: true, at: clock() };
    },
    async refund(takes) {
      for (const one of takes) counts.set(nameOf(one), Math.max(0, (counts.get(nameOf(one)) ?? 0) - one.cost));
    },
  };
}

/** A bucket as large as the limit that fills at its rate: close to twice the limit in a window. */
function bucket(clock: () => number): LimitStore {
  const buckets = new Map<string, { level: number; at: number }>();
  function levelOf({ key, limit, window }: LimitTake): { level: number; at: number } {
    const known = buckets.get(`${key} ${window}`) ?? { level: limit, at: clock() };
    const passed = Math.max(0, clock() - known.at);
    const filled = { level: Math.min(limit, known.level + (passed * limit) / window), at: clock() };
    buckets.set(`${key} ${window}`, filled);
    return filled;
  }
  return {
    async take(takes) {
      for (const one of takes) {
        const { key, limit, window, cost } = one;
        if (levelOf(one).level < cost) return { granted: false, limit: { key, limit, window }, retryAfter: window };
      }
      for (const one of takes) levelOf(one).level -= one.cost;
      return { granted: true, at: clock() };
    },
    async refund(takes) {
      for (const one of takes) levelOf(one).level += one.cost;
    },
  };
}

describe.each(Object.entries(broken))("limits that break: %s", (name, breakIt) => {
  test("is found by that rule, by its name", async () => {
    const rule = limitRules.find((rule) => rule.name === name)!;
    const create = ({ clock }: { readonly clock: () => number }): LimitStore => {
      const store = plainLimits(clock);
      return { ...store, ...breakIt(store, clock) };
    };
    await expect(checkRule(rule, create)).rejects.toThrow(`The store breaks the rule "${name}"`);
  });
});
