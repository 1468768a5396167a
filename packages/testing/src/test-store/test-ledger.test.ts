import { describe, expect, test } from "vitest";
import type { BudgetScope, Ledger } from "@plugboard/core";
import { lease, scope } from "./ledger-acts.ts";
import { plainLedger } from "./plain-ledger.ts";
import { checkRule } from "./rule.ts";
import { ledgerRules, testLedger } from "./test-ledger.ts";

testLedger("the plain ledger", ({ clock }) => plainLedger(clock));

/** Broken ledgers, and the rule that finds each. */
const broken: Record<string, (ledger: Ledger, clock: () => number) => Partial<Ledger>> = {
  "starts with nothing spent": (ledger) => ({
    spend: async (key, window) => ({ ...(await ledger.spend(key, window)), assumed: 1 }),
  }),
  "holds what is reserved and no more than the limit, to the nano-dollar": () => ({
    reserve: async () => ({ granted: true }),
  }),
  // Sums of 32 bits.
  "counts exactly where limits are large": (ledger) => ({
    async spend(key, window) {
      const spend = await ledger.spend(key, window);
      return { ...spend, held: Math.trunc(spend.held) | 0 };
    },
  }),
  "replaces a reservation by what was spent, less or more": (ledger) => ({
    settle: (id, amount) => ledger.settle(id, Math.min(amount, 50)),
  }),
  "frees what is released": () => ({ release: async () => {} }),
  "settles once: a second settle, a settle after release and a release after settle change nothing": (ledger) => ({
    async settle(id, amount) {
      await ledger.settle(id, amount);
      await book(ledger, `${id} again ${Math.random()}`, amount, [scope(Infinity)]);
    },
  }),
  "ignores a settle or a release of an id that it does not know": (ledger) => ({
    settle: (id, amount) => book(ledger, id, amount, [scope(Infinity)]),
  }),
  "reserves over all scopes or none": (ledger) => ({
    async reserve({ scopes, ...rest }) {
      for (const [place, scope] of scopes.entries()) {
        const outcome = await ledger.reserve({ ...rest, id: `${rest.id}.${place}`, scopes: [scope] });
        if (!outcome.granted) return outcome;
      }
      return { granted: true };
    },
  }),
  "keeps keys apart, and the windows of one key": (ledger) => ({
    reserve: ({ scopes, ...rest }) =>
      ledger.reserve({ ...rest, scopes: scopes.map((scope) => ({ ...scope, window: "total" })) }),
  }),
  "lets callers who race reserve no more than the limit together": (ledger) => ({
    async reserve(reservation) {
      const { key, window, limit } = reservation.scopes[0]!;
      const { spent, held } = await ledger.spend(key, window);
      await Promise.resolve();
      if (spent + held + reservation.amount > limit) return ledger.reserve(reservation);
      return ledger.reserve({ ...reservation, scopes: unlimited(reservation.scopes) });
    },
  }),
  "reserves more for a live attempt, or refuses and adds nothing": () => ({ extend: async () => ({ granted: true }) }),
  "grants an id that is reserved already once more, and adds nothing": (ledger) => ({
    reserve: (reservation) => ledger.reserve({ ...reservation, id: `${reservation.id} ${Math.random()}` }),
  }),
  "counts a scope that is named twice once, and goes by the lower of its limits": (ledger) => ({
    reserve: ({ scopes, ...rest }) => ledger.reserve({ ...rest, scopes: scopes.slice(0, 1) }),
  }),
  "refuses to extend what is not reserved, or no longer": (ledger) => ({
    extend: (id, options) => ledger.extend(id, options).catch(() => ({ granted: true })),
  }),
  // Junk usage is not booked, and nobody hears of it.
  "refuses an amount that is no whole number from 0 to 2^53 - 1, and changes nothing": (ledger) => ({
    settle: (id, amount) => ledger.settle(id, amount).catch(() => {}),
  }),
  "charges a reservation in full when its lease runs out": (_, clock) =>
    plainLedger(() => Math.min(clock(), Date.UTC(2026, 4, 14, 12))),
  "keeps a reservation whose lease is renewed": () => ({ extend: async () => ({ granted: true }) }),
  "moves the difference when an attempt is settled after its lease": (ledger) => ({
    async settle(id, amount) {
      const { assumed } = await ledger.spend("all", "total");
      if (assumed === 0) await ledger.settle(id, amount);
    },
  }),
  // Days of another time zone.
  "begins each UTC day and month anew": (_, clock) => plainLedger(() => clock() + 3_600_000),
  "charges a late settle to the window of the reservation": (ledger) => ({
    async settle(id, amount) {
      await ledger.release(id);
      await book(ledger, `${id} settled`, amount, [scope(Infinity, "day")]);
    },
  }),
  "counts over a rolling window what was reserved within it": (ledger, clock) => {
    const fixed = (key: string, { rolling }: { readonly rolling: number }): string =>
      `${key} ${Math.floor(clock() / rolling)}`;
    return {
      reserve: ({ scopes, ...rest }) =>
        ledger.reserve({
          ...rest,
          scopes: scopes.map((scope) =>
            typeof scope.window === "string"
              ? scope
              : { ...scope, key: fixed(scope.key, scope.window), window: "total" },
          ),
        }),
      async spend(key, window) {
        if (typeof window === "string") return ledger.spend(key, window);
        return { ...(await ledger.spend(fixed(key, window), "total")), key, window };
      },
    };
  },
  // Looks for leases that ran out only when something is booked.
  "holds nothing one lease after the last word, in any scope": (_, clock) => {
    let now = clock();
    const ledger = plainLedger(() => now);
    const look = <Result>(result: () => Result): Result => {
      now = clock();
      return result();
    };
    return {
      ...ledger,
      reserve: (reservation) => look(() => ledger.reserve(reservation)),
      extend: (id, options) => look(() => ledger.extend(id, options)),
      settle: (id, amount) => look(() => ledger.settle(id, amount)),
      release: (id) => look(() => ledger.release(id)),
    };
  },
  "takes an attempt that renews its lease too late for alive": (ledger) => ({
    async extend(id, options) {
      const { assumed } = await ledger.spend("all", "total");
      if (assumed > 0) throw new Error("There is no such reservation.");
      return ledger.extend(id, options);
    },
  }),
  "reserves more in the window of the reservation": (ledger) => {
    const known = new Map<string, readonly BudgetScope[]>();
    return {
      reserve(reservation) {
        known.set(reservation.id, reservation.scopes);
        return ledger.reserve(reservation);
      },
      extend: (id, { lease, amount = 0 }) =>
        ledger.reserve({ id: `${id} ${Math.random()}`, amount, lease, scopes: known.get(id)! }),
    };
  },
  "stands still when its clock is set back": (_, clock) => {
    let ledger = plainLedger(clock);
    let last = clock();
    const own = (): Ledger => {
      if (clock() < last) ledger = plainLedger(clock);
      last = clock();
      return ledger;
    };
    return { reserve: (reservation) => own().reserve(reservation), spend: (key, window) => own().spend(key, window) };
  },
  "reports what was settled, a row for each set of labels": (ledger) => ({
    reserve: ({ labels: _, ...rest }) => ledger.reserve(rest),
  }),
  "reports nothing of what is held or released": (ledger) => ({ release: (id) => ledger.settle(id, 0) }),
  "reports an attempt once, however many scopes it counts against, and one without labels too": (ledger) => ({
    report: async (from, to) => (await ledger.report(from, to)).filter(({ labels }) => Object.keys(labels).length > 0),
  }),
  "takes labels in another order for the same, and keeps apart those that differ in anything": (ledger) => ({
    reserve: ({ labels = {}, ...rest }) =>
      ledger.reserve({ ...rest, labels: { text: Object.entries(labels).join("&") } }),
    report: async (from, to) =>
      (await ledger.report(from, to)).map(({ labels, ...row }) =>
        Object.assign(row, {
          labels: Object.fromEntries(labels["text"]!.split("&").map((pair) => pair.split(",") as [string, string])),
        }),
      ),
  }),
  // Sums of dollars.
  "reports exactly where sums are large": (ledger) => ({
    report: async (from, to) =>
      (await ledger.report(from, to)).map((row) => Object.assign(row, { spent: Math.round(row.spent / 1e6) * 1e6 })),
  }),
  "refuses a day that is none": (ledger) => ({ report: (from, to) => ledger.report(from, to).catch(() => []) }),
  "reports from one day to another, both included, by the day of the reservation": (ledger) => ({
    report: async (from, to) => (await ledger.report(from, to)).filter(({ day }) => day < to),
  }),
  "reports what ran out as assumed, until it is settled, renewed or released after all": (ledger) => ({
    report: async (from, to) => (await ledger.report(from, to)).filter(({ assumed }) => assumed === 0),
  }),
  // A settle in two steps: between them, others find room that is not there.
  "never goes over a limit, and loses nothing, whatever callers do at once": (ledger) => {
    const known = new Map<string, readonly BudgetScope[]>();
    return {
      reserve(reservation) {
        known.set(reservation.id, reservation.scopes);
        return ledger.reserve(reservation);
      },
      async settle(id, amount) {
        await ledger.release(id);
        await book(ledger, `${id} settled`, amount, unlimited(known.get(id)!));
      },
    };
  },
  "adds up as a plain list of reservations does, whatever comes in which order": (ledger) => ({
    settle: (id, amount) => (amount === 0 ? ledger.release(id) : ledger.settle(id, amount)),
  }),
};

async function book(ledger: Ledger, id: string, amount: number, scopes: readonly BudgetScope[]): Promise<void> {
  await ledger.reserve({ id, amount, scopes, lease });
  await ledger.settle(id, amount);
}

function unlimited(scopes: readonly BudgetScope[]): readonly BudgetScope[] {
  return scopes.map((scope) => ({ ...scope, limit: Infinity }));
}

test("each rule has a ledger that breaks it", () => {
  expect(Object.keys(broken).toSorted()).toEqual(ledgerRules.map(({ name }) => name).toSorted());
});

describe.each(Object.entries(broken))("a ledger that breaks: %s", (name, breakIt) => {
  test("is found by that rule, by its name", async () => {
    const rule = ledgerRules.find((rule) => rule.name === name)!;
    const create = ({ clock }: { readonly clock: () => number }): Ledger => {
      const ledger = plainLedger(clock);
      return { ...ledger, ...breakIt(ledger, clock) };
    };
    await expect(checkRule(rule, create)).rejects.toThrow(`The store breaks the rule "${name}"`);
  });
});
