import { expect } from "vitest";
import type { BudgetScope, Ledger, ReserveOutcome, SpendRow } from "@plugboard/core";
import { seededRandom } from "../seeded-random.ts";
import { hour, lease, reportOf, reserve, scope } from "./ledger-acts.ts";
import { plainLedger } from "./plain-ledger.ts";
import type { Clock, Rule } from "./rule.ts";

/** What `Ledger` promises whatever comes in which order, or at once. */
export const ledgerRandomRules: readonly Rule<Ledger>[] = [
  {
    name: "never goes over a limit, and loses nothing, whatever callers do at once",
    async check(create) {
      for (let seed = 1; seed <= 10; seed++) await race(await create(), seed);
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

/**
 * Twenty callers at once, each several times: reserves, mostly in two scopes, may ask for more, and settles, releases or says no more.
 */
async function race(ledger: Ledger, seed: number): Promise<void> {
  const random = seededRandom(seed);
  const upTo = (most: number): number => Math.floor(random() * (most + 1));
  const team = scope(1000, "total", `team ${seed}`);
  const users = [0, 1, 2].map((user) => scope(500, "total", `user ${user} of ${seed}`));
  /** What is spent or held at least, by what the callers were told. */
  const known = new Map([team, ...users].map(({ key }) => [key, 0]));
  const add = (scopes: readonly BudgetScope[], amount: number): void => {
    for (const { key, limit } of scopes) {
      known.set(key, known.get(key)! + amount);
      expect(known.get(key), `of ${key}`).toBeLessThanOrEqual(limit);
    }
  };

  async function call(id: string): Promise<void> {
    const scopes = random() < 0.8 ? [users[upTo(2)]!, team] : [team];
    const [more, end, part] = [random() < 0.5 ? upTo(100) : 0, random(), random()];
    let amount = upTo(150);
    for (let turn = upTo(5); turn > 0; turn--) await Promise.resolve();
    if (!(await reserve(ledger, id, amount, ...scopes)).granted) return;
    add(scopes, amount);
    if (more > 0 && (await ledger.extend(id, { lease, amount: more })).granted) {
      add(scopes, more);
      amount += more;
    }
    if (end < 0.6) {
      const spent = Math.floor((part * amount) / 3);
      add(scopes, spent - amount);
      await Promise.all([ledger.settle(id, spent), ledger.settle(id, spent)]);
    } else if (end < 0.9) {
      add(scopes, -amount);
      await ledger.release(id);
    }
  }

  const callers = Array.from({ length: 20 }, async (_, caller) => {
    for (let time = 0; time < 6; time++) await call(`${seed}.${caller}.${time}`);
  });
  await Promise.all(callers);
  for (const { key, window } of [team, ...users]) {
    const { spent, assumed, held } = await ledger.spend(key, window);
    expect(spent + assumed + held, `of ${key}`).toBe(known.get(key));
  }
}

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
  const labels: readonly SpendRow["labels"][] = [{ user: "ada" }, { user: "bob" }, {}];
  const open = new Set<string>();

  for (let step = 0; step < 200; step++) {
    const id = pick([...open, `${seed}.${step}`]);
    const amount = Math.floor(random() * 60);
    const action = open.has(id)
      ? pick(["settle", "release", "extend", "wait"])
      : pick(["reserve", "reserve", "reserve", "wait"]);
    const both = async (act: (ledger: Ledger) => Promise<unknown>): Promise<unknown> => {
      const [wanted, got] = [await act(plain), await act(ledger)];
      expect(got, `step ${step} of seed ${seed}: ${action}`).toEqual(wanted);
      return got;
    };
    if (action === "wait") clock.advance(Math.floor(random() * pick([1000, lease, hour, 6 * hour])));
    else if (action === "reserve") {
      const reservation = { id, amount, scopes: scopes.filter(() => random() < 0.6), lease, labels: pick(labels) };
      const outcome = (await both((ledger) => ledger.reserve(reservation))) as ReserveOutcome;
      if (outcome.granted) open.add(id);
    } else if (action === "extend") await both((ledger) => ledger.extend(id, { lease, amount }));
    else {
      await both((ledger) => (action === "settle" ? ledger.settle(id, amount) : ledger.release(id)));
      open.delete(id);
    }
    for (const { key, window } of scopes) await both((ledger) => ledger.spend(key, window));
    if (step % 20 === 0) await both((ledger) => reportOf(ledger, "2026-01-01", "2027-01-01"));
  }
}
