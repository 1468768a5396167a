import { expect } from "vitest";
import type { BudgetScope, BudgetWindow, Ledger, ReserveOutcome } from "@plugboard/core";
import { seededRandom } from "../seeded-random.ts";
import { plainLedger } from "./plain-ledger.ts";
import { testRules } from "./rule.ts";
import type { Clock, CreateStore, Rule, TestStoreOptions } from "./rule.ts";

/**
 * Registers tests that any `Ledger` must pass.
 *
 * @example
 * testLedger("my ledger", ({ clock }) => myLedger({ clock }));
 */
export function testLedger(name: string, create: CreateStore<Ledger>, options: TestStoreOptions = {}): void {
  testRules(name, ledgerRules, create, options);
}

const lease = 60_000;
const hour = 3_600_000;

function scope(limit: number, window: BudgetWindow = "total", key = "all"): BudgetScope {
  return { key, limit, window };
}

function reserve(
  ledger: Ledger,
  id: string,
  amount: number,
  ...scopes: readonly BudgetScope[]
): Promise<ReserveOutcome> {
  return ledger.reserve({ id, amount, scopes, lease });
}

async function expectSpend(
  ledger: Ledger,
  { key, window }: BudgetScope,
  sums: { spent?: number; assumed?: number; held?: number },
): Promise<void> {
  expect(await ledger.spend(key, window)).toEqual({ key, window, spent: 0, assumed: 0, held: 0, ...sums });
}

/** What `Ledger` promises, a rule each. */
export const ledgerRules: readonly Rule<Ledger>[] = [
  {
    name: "starts with nothing spent",
    async check(create) {
      await expectSpend(await create(), scope(1), {});
    },
  },
  {
    name: "holds what is reserved and no more than the limit, to the nano-dollar",
    async check(create) {
      const ledger = await create();
      expect(await reserve(ledger, "a", 60, scope(100))).toEqual({ granted: true });
      const refused = await reserve(ledger, "b", 41, scope(100));
      expect(refused).toEqual({
        granted: false,
        scope: scope(100),
        spend: { key: "all", window: "total", spent: 0, assumed: 0, held: 60 },
      });
      expect(await reserve(ledger, "c", 40, scope(100))).toEqual({ granted: true });
      expect(await reserve(ledger, "d", 1, scope(100))).toMatchObject({ granted: false });
      await expectSpend(ledger, scope(100), { held: 100 });
    },
  },
  {
    name: "counts exactly where limits are large",
    async check(create) {
      const ledger = await create();
      const limit = Number.MAX_SAFE_INTEGER;
      await reserve(ledger, "a", limit - 1, scope(limit));
      expect(await reserve(ledger, "b", 2, scope(limit))).toMatchObject({ granted: false });
      expect(await reserve(ledger, "c", 1, scope(limit))).toEqual({ granted: true });
      await expectSpend(ledger, scope(limit), { held: limit });
    },
  },
  {
    name: "replaces a reservation by what was spent, less or more",
    async check(create) {
      const ledger = await create();
      await reserve(ledger, "a", 50, scope(100));
      await ledger.settle("a", 20);
      await expectSpend(ledger, scope(100), { spent: 20 });
      await reserve(ledger, "b", 50, scope(100));
      await ledger.settle("b", 90);
      await expectSpend(ledger, scope(100), { spent: 110 });
    },
  },
  {
    name: "frees what is released",
    async check(create) {
      const ledger = await create();
      await reserve(ledger, "a", 100, scope(100));
      await ledger.release("a");
      await expectSpend(ledger, scope(100), {});
      expect(await reserve(ledger, "b", 100, scope(100))).toEqual({ granted: true });
    },
  },
  {
    name: "settles once: a second settle, a settle after release and a release after settle change nothing",
    async check(create) {
      const ledger = await create();
      await reserve(ledger, "a", 50, scope(100));
      await ledger.settle("a", 30);
      await ledger.settle("a", 30);
      await ledger.settle("a", 40);
      await ledger.release("a");
      await reserve(ledger, "b", 50, scope(100));
      await ledger.release("b");
      await ledger.settle("b", 50);
      await expectSpend(ledger, scope(100), { spent: 30 });
    },
  },
  {
    name: "ignores a settle or a release of an id that it does not know",
    async check(create) {
      const ledger = await create();
      await ledger.settle("absent", 10);
      await ledger.release("absent");
      await expectSpend(ledger, scope(100), {});
    },
  },
  {
    name: "reserves over all scopes or none",
    async check(create) {
      const ledger = await create();
      const [user, team] = [scope(100, "total", "user=ada"), scope(50, "total", "team=a")];
      await reserve(ledger, "a", 20, user, team);
      const refused = await reserve(ledger, "b", 40, user, team);
      expect(refused).toMatchObject({ granted: false, scope: { key: "team=a" } });
      await expectSpend(ledger, user, { held: 20 });
      await expectSpend(ledger, team, { held: 20 });
      await ledger.settle("a", 10);
      await expectSpend(ledger, user, { spent: 10 });
      await expectSpend(ledger, team, { spent: 10 });
    },
  },
  {
    name: "keeps keys apart, and the windows of one key",
    async check(create) {
      const ledger = await create();
      await reserve(ledger, "a", 10, scope(10, "total", "user=ada"));
      await reserve(ledger, "b", 10, scope(10, "day", "user=ada"));
      expect(await reserve(ledger, "c", 10, scope(10, "total", "user=bob"))).toEqual({ granted: true });
      await expectSpend(ledger, scope(10, "day", "user=ada"), { held: 10 });
      await expectSpend(ledger, scope(10, "month", "user=ada"), {});
    },
  },
  {
    name: "lets callers who race reserve no more than the limit together",
    async check(create) {
      const ledger = await create();
      const outcomes = await Promise.all(
        Array.from({ length: 50 }, (_, caller) => reserve(ledger, `caller ${caller}`, 7, scope(100))),
      );
      expect(outcomes.filter(({ granted }) => granted)).toHaveLength(14);
      await expectSpend(ledger, scope(100), { held: 98 });
    },
  },
  {
    name: "reserves more for a live attempt, or refuses and adds nothing",
    async check(create) {
      const ledger = await create();
      await reserve(ledger, "a", 50, scope(100));
      expect(await ledger.extend("a", { lease, amount: 40 })).toEqual({ granted: true });
      expect(await ledger.extend("a", { lease, amount: 11 })).toMatchObject({ granted: false, scope: scope(100) });
      await expectSpend(ledger, scope(100), { held: 90 });
      await ledger.settle("a", 60);
      await expectSpend(ledger, scope(100), { spent: 60 });
    },
  },
  {
    name: "charges a reservation in full when its lease runs out",
    needsClock: true,
    async check(create, clock) {
      const ledger = await create();
      await reserve(ledger, "a", 60, scope(100));
      clock.advance(lease - 1);
      await expectSpend(ledger, scope(100), { held: 60 });
      clock.advance(1);
      await expectSpend(ledger, scope(100), { assumed: 60 });
      expect(await reserve(ledger, "b", 41, scope(100))).toMatchObject({ granted: false });
    },
  },
  {
    name: "keeps a reservation whose lease is renewed",
    needsClock: true,
    async check(create, clock) {
      const ledger = await create();
      await reserve(ledger, "a", 60, scope(100));
      for (let renewal = 0; renewal < 5; renewal++) {
        clock.advance(lease - 1);
        expect(await ledger.extend("a", { lease })).toEqual({ granted: true });
      }
      await expectSpend(ledger, scope(100), { held: 60 });
      clock.advance(lease);
      await expectSpend(ledger, scope(100), { assumed: 60 });
    },
  },
  {
    name: "moves the difference when an attempt is settled after its lease",
    needsClock: true,
    async check(create, clock) {
      const ledger = await create();
      await reserve(ledger, "a", 60, scope(100));
      clock.advance(lease);
      await ledger.settle("a", 25);
      await expectSpend(ledger, scope(100), { spent: 25 });
      await ledger.settle("a", 25);
      await expectSpend(ledger, scope(100), { spent: 25 });
    },
  },
  {
    name: "begins each UTC day and month anew",
    needsClock: true,
    async check(create, clock) {
      const ledger = await create();
      clock.set(Date.UTC(2026, 0, 31, 23, 59, 59, 999));
      const [day, month] = [scope(100, "day"), scope(150, "month")];
      await reserve(ledger, "a", 90, day, month);
      await ledger.settle("a", 90);
      expect(await reserve(ledger, "b", 20, day, month)).toMatchObject({ granted: false, scope: { window: "day" } });
      clock.advance(1);
      await expectSpend(ledger, day, {});
      await expectSpend(ledger, month, {});
      expect(await reserve(ledger, "c", 100, day, month)).toEqual({ granted: true });
      clock.advance(24 * hour);
      expect(await reserve(ledger, "d", 60, day, month)).toMatchObject({ granted: false, scope: { window: "month" } });
    },
  },
  {
    name: "charges a late settle to the window of the reservation",
    needsClock: true,
    async check(create, clock) {
      const ledger = await create();
      clock.set(Date.UTC(2026, 4, 14, 23, 59, 59, 900));
      await reserve(ledger, "a", 90, scope(100, "day"));
      clock.advance(200);
      await ledger.settle("a", 80);
      await expectSpend(ledger, scope(100, "day"), {});
      expect(await reserve(ledger, "b", 100, scope(100, "day"))).toEqual({ granted: true });
    },
  },
  {
    name: "counts over a rolling window what was reserved within it",
    needsClock: true,
    async check(create, clock) {
      const ledger = await create();
      const rolling = scope(100, { rolling: hour });
      await reserve(ledger, "a", 60, rolling);
      await ledger.settle("a", 60);
      clock.advance(hour / 2);
      await reserve(ledger, "b", 40, rolling);
      await ledger.settle("b", 40);
      clock.advance(hour / 2 - 1);
      expect(await reserve(ledger, "c", 1, rolling)).toMatchObject({ granted: false });
      clock.advance(1);
      await expectSpend(ledger, rolling, { spent: 40 });
      expect(await reserve(ledger, "d", 60, rolling)).toEqual({ granted: true });
      expect(await reserve(ledger, "e", 1, rolling)).toMatchObject({ granted: false });
    },
  },
  {
    name: "adds up as a plain list of reservations does, whatever comes in which order",
    needsClock: true,
    async check(create, clock) {
      for (let seed = 1; seed <= 20; seed++) await compare(await create(), plainLedger(clock.now), clock, seed);
    },
  },
];

/** Does the same 200 random things to both, and compares what they say after each. */
async function compare(ledger: Ledger, plain: Ledger, clock: Clock, seed: number): Promise<void> {
  const random = seededRandom(seed);
  const pick = <Value>(values: readonly Value[]): Value => values[Math.floor(random() * values.length)]!;
  const scopes = [
    scope(500, "total", `total ${seed}`),
    scope(300, "day", `day ${seed}`),
    scope(400, "month", `month ${seed}`),
    scope(200, { rolling: hour }, `rolling ${seed}`),
  ];
  const expiries = new Map<string, number>();

  for (let step = 0; step < 200; step++) {
    const id = pick([...expiries.keys(), `${seed}.${step}`]);
    const amount = Math.floor(random() * 60);
    const action = expiries.has(id)
      ? pick(["settle", "release", "extend", "wait"])
      : pick(["reserve", "reserve", "reserve", "wait"]);
    const both = async (act: (ledger: Ledger) => Promise<unknown>): Promise<unknown> => {
      const [wanted, got] = [await act(plain), await act(ledger)];
      expect(got, `step ${step} of seed ${seed}: ${action}`).toEqual(wanted);
      return got;
    };
    if (action === "wait") clock.advance(Math.floor(random() * pick([1000, lease, hour, 6 * hour])));
    else if (action === "reserve") {
      const own = scopes.filter(() => random() < 0.6);
      const outcome = (await both((ledger) => reserve(ledger, id, amount, ...own))) as ReserveOutcome;
      if (outcome.granted) expiries.set(id, clock.now() + lease);
    } else if (action === "extend") {
      if (expiries.get(id)! <= clock.now()) continue;
      const outcome = (await both((ledger) => ledger.extend(id, { lease, amount }))) as ReserveOutcome;
      if (outcome.granted) expiries.set(id, clock.now() + lease);
    } else {
      await both((ledger) => (action === "settle" ? ledger.settle(id, amount) : ledger.release(id)));
      expiries.delete(id);
    }
    for (const { key, window } of scopes) await both((ledger) => ledger.spend(key, window));
  }
}
