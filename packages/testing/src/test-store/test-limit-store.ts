import { expect } from "vitest";
import type { LimitStore, LimitTake, TakeOutcome } from "@plugboard/core";
import { seededRandom } from "../seeded-random.ts";
import { testRules } from "./rule.ts";
import type { Clock, CreateStore, Rule, TestStoreOptions } from "./rule.ts";

/**
 * Registers tests that any `LimitStore` must pass.
 *
 * @example
 * testLimitStore("my limits", ({ clock }) => myLimits({ clock }));
 */
export function testLimitStore(name: string, create: CreateStore<LimitStore>, options: TestStoreOptions = {}): void {
  testRules(name, limitRules, create, options);
}

const minute = 60_000;
const hour = 3_600_000;

function take(cost: number, limit: number, key = "requests", window = minute): LimitTake {
  return { key, limit, window, cost };
}

/** Takes, and says when by the store's clock; it must have been granted. */
async function taken(store: LimitStore, ...takes: readonly LimitTake[]): Promise<number> {
  const outcome = await store.take(takes);
  expect(outcome).toMatchObject({ granted: true });
  return (outcome as Extract<TakeOutcome, { granted: true }>).at;
}

async function refused(
  store: LimitStore,
  ...takes: readonly LimitTake[]
): Promise<Extract<TakeOutcome, { granted: false }>> {
  const outcome = await store.take(takes);
  expect(outcome).toMatchObject({ granted: false });
  return outcome as Extract<TakeOutcome, { granted: false }>;
}

/** Whether exactly so much is left of a limit. It takes what there is. */
async function expectLeft(store: LimitStore, left: number, { limit, key, window }: LimitTake): Promise<void> {
  await refused(store, take(left + 1, limit, key, window));
  await taken(store, take(left, limit, key, window));
}

/** What `LimitStore` promises, a rule each. */
export const limitRules: readonly Rule<LimitStore>[] = [
  {
    name: "grants as much as the limit, one by one, and no more",
    async check(create) {
      const store = await create();
      for (let call = 0; call < 20; call++) await taken(store, take(1, 20));
      const { limit, retryAfter } = await refused(store, take(1, 20));
      expect(limit).toEqual({ key: "requests", limit: 20, window: minute });
      expect(retryAfter).toBeGreaterThan(0);
      expect(retryAfter).toBeLessThanOrEqual(2 * minute);
    },
  },
  {
    name: "grants the whole limit at once, and never more than that",
    async check(create) {
      const store = await create();
      expect(await refused(store, take(101, 100))).toMatchObject({ retryAfter: Infinity });
      await taken(store, take(100, 100));
      await refused(store, take(1, 100));
    },
  },
  {
    name: "takes of all limits or of none",
    async check(create) {
      const store = await create();
      const [requests, tokens] = [take(1, 10, "requests"), take(60, 100, "tokens")];
      await taken(store, requests, tokens);
      expect(await refused(store, requests, tokens)).toMatchObject({ limit: { key: "tokens", limit: 100 } });
      expect(await refused(store, tokens, requests)).toMatchObject({ limit: { key: "tokens", limit: 100 } });
      await expectLeft(store, 9, requests);
      await expectLeft(store, 40, tokens);
    },
  },
  {
    name: "counts a limit that is named twice for both",
    async check(create) {
      const store = await create();
      await refused(store, take(6, 10), take(6, 10));
      await taken(store, take(5, 10), take(4, 10));
      await expectLeft(store, 1, take(1, 10));
    },
  },
  {
    name: "keeps keys apart, and the windows of one key",
    async check(create) {
      const store = await create();
      await taken(store, take(10, 10, "user=ada"));
      await taken(store, take(10, 10, "user=ada "));
      await taken(store, take(10, 10, "user=ADA"));
      await taken(store, take(10, 10, "user=ada", hour));
      await refused(store, take(1, 10, "user=ada"));
    },
  },
  {
    name: "lets callers who race take no more than the limit together",
    async check(create) {
      const store = await create();
      const outcomes = await Promise.all(Array.from({ length: 50 }, () => store.take([take(7, 100)])));
      expect(outcomes.filter(({ granted }) => granted)).toHaveLength(14);
      await expectLeft(store, 2, take(1, 100));
    },
  },
  {
    name: "goes by the limit of each take",
    async check(create) {
      const store = await create();
      await taken(store, take(10, 10));
      await taken(store, take(5, 15));
      await refused(store, take(1, 10));
    },
  },
  {
    name: "gives back what was not used, and no more than was taken",
    async check(create) {
      const store = await create();
      const at = await taken(store, take(1, 100), take(80, 100, "tokens"));
      await store.refund([take(50, 100, "tokens")], at);
      await expectLeft(store, 70, take(1, 100, "tokens"));
      const other = await create();
      const then = await taken(other, take(40, 100));
      await other.refund([take(90, 100)], then);
      await expectLeft(other, 100, take(1, 100));
    },
  },
  {
    name: "ignores a refund of what was never taken",
    async check(create) {
      const store = await create();
      await store.refund([take(50, 100)], 1);
      const at = await taken(store, take(60, 100));
      await store.refund([take(60, 100, "others"), take(60, 100, "requests", hour)], at);
      await store.refund([take(60, 100)], at - 1);
      await expectLeft(store, 40, take(1, 100));
    },
  },
  {
    name: "grants again once the time that it told has passed",
    needsClock: true,
    async check(create, clock) {
      const store = await create();
      await taken(store, take(60, 100));
      clock.advance(minute / 2);
      await taken(store, take(40, 100));
      const { retryAfter } = await refused(store, take(50, 100));
      clock.advance(retryAfter);
      await taken(store, take(50, 100));
      clock.advance(2 * minute);
      await taken(store, take(100, 100), take(100, 100, "slow", hour));
      const both = [take(1, 100), take(1, 100, "slow", hour)];
      const slow = await refused(store, ...both);
      expect(await refused(store, ...both.toReversed())).toEqual(slow);
      clock.advance(slow.retryAfter);
      await taken(store, ...both);
    },
  },
  {
    name: "counts what was taken for the whole of its window",
    needsClock: true,
    async check(create, clock) {
      const store = await create();
      await taken(store, take(100, 100));
      clock.advance(minute - 1);
      await refused(store, take(1, 100));
    },
  },
  {
    name: "gives back to the time at which it was taken, not to another",
    needsClock: true,
    async check(create, clock) {
      const store = await create();
      const first = await taken(store, take(100, 200));
      clock.advance(minute / 2);
      await taken(store, take(100, 200));
      await store.refund([take(90, 200)], first);
      await expectLeft(store, 90, take(1, 200));
      const other = await create();
      const then = await taken(other, take(100, 200));
      clock.advance(minute / 2);
      const later = await taken(other, take(100, 200));
      await other.refund([take(90, 200)], then);
      await other.refund([take(50, 200)], later);
      // Of the first, ten are left to be forgotten; of the second, fifty count on.
      clock.advance(minute / 2);
      await expectLeft(other, 150, take(1, 200));
    },
  },
  {
    name: "gives nothing back once the window has moved on",
    needsClock: true,
    async check(create, clock) {
      const store = await create();
      const at = await taken(store, take(100, 100));
      clock.advance(2 * minute);
      await taken(store, take(100, 100));
      await store.refund([take(100, 100)], at);
      await refused(store, take(1, 100));
    },
  },
  {
    name: "frees nothing when its clock is set back",
    needsClock: true,
    async check(create, clock) {
      const store = await create();
      await taken(store, take(10, 10));
      for (let step = 0; step < 5; step++) {
        clock.advance(-hour);
        await refused(store, take(1, 10));
        clock.advance(hour);
        await refused(store, take(1, 10));
      }
    },
  },
  {
    name: "never grants more than the limit in any window, whatever comes when, is given back or is set back",
    needsClock: true,
    async check(create, clock) {
      for (let seed = 1; seed <= 40; seed++) {
        const start = clock.now();
        await watchWindows(await create(), clock, seed);
        clock.set(start + 10 * hour);
      }
    },
  },
];

interface Admission {
  readonly take: LimitTake;
  readonly at: number;
  /** By the clock as one sees it: its highest reading so far. */
  readonly seen: number;
  left: number;
}

/** Random takes, refunds and steps of the clock; after each grant, every window that holds it is added up. */
async function watchWindows(store: LimitStore, clock: Clock, seed: number): Promise<void> {
  const random = seededRandom(seed);
  const upTo = (most: number): number => Math.floor(random() * most);
  const limits = [
    take(0, 12, `requests ${seed}`),
    take(0, 500, `tokens ${seed}`),
    take(0, 30, `slow ${seed}`, 5 * minute),
  ];
  const admissions: Admission[] = [];
  let seen = clock.now();
  let granted = 0;

  await move(0);
  for (let step = 0; step < 250; step++) {
    const what = random();
    if (what < 0.3) await move(upTo(random() < 0.2 ? minute : 4000));
    else if (what < 0.34) await move(random() < 0.5 ? hour : -hour);
    else if (what < 0.5 && admissions.length > 0) await giveBack(admissions[upTo(admissions.length)]!);
    else await ask();
  }
  expect(granted, `grants of seed ${seed}`).toBeGreaterThan(5);

  /** Moves the clock, and asks at once: a store knows of a time that it was asked at. */
  async function move(by: number): Promise<void> {
    clock.advance(by);
    seen = Math.max(seen, clock.now());
    await ask();
  }
  async function ask(): Promise<void> {
    const most = [2, 200, 2];
    const takes = limits.map((limit, place) => ({
      ...limit,
      cost: place === 1 ? upTo(most[place]!) : upTo(most[place]!) + 1,
    }));
    const outcome = await store.take(takes);
    if (!outcome.granted) return;
    granted++;
    for (const one of takes) admissions.push({ take: one, at: outcome.at, seen, left: one.cost });
    for (const limit of limits) expectWithin(limit);
  }
  async function giveBack(admission: Admission): Promise<void> {
    const { take, at, left } = admission;
    const cost = upTo(left + 1);
    await store.refund([{ ...take, cost }], at);
    admission.left -= cost;
  }
  function expectWithin({ key, limit, window }: LimitTake): void {
    const own = admissions.filter(({ take }) => take.key === key);
    for (const { seen: from } of own) {
      const inside = own.filter(({ seen }) => seen >= from && seen < from + window);
      const sum = inside.reduce((total, { left }) => total + left, 0);
      expect(sum, `${key} within ${window} ms from ${from} (seed ${seed})`).toBeLessThanOrEqual(limit);
    }
  }
}
