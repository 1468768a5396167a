import { describe, expect, test } from "vitest";
import type { Ledger } from "@plugboard/core";
import { plainLedger } from "./plain-ledger.ts";
import { checkRule } from "./rule.ts";
import { ledgerRules, testLedger } from "./test-ledger.ts";

testLedger("the plain ledger", ({ clock }) => plainLedger(clock));

/** Broken ledgers, and the rule that finds each. */
const broken: Record<string, (ledger: Ledger, clock: () => number) => Partial<Ledger>> = {
  "holds what is reserved and no more than the limit, to the nano-dollar": () => ({
    reserve: async () => ({ granted: true }),
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
  "lets callers who race reserve no more than the limit together": (ledger) => ({
    async reserve(reservation) {
      const { key, window, limit } = reservation.scopes[0]!;
      const { spent, held } = await ledger.spend(key, window);
      await Promise.resolve();
      if (spent + held + reservation.amount > limit) return ledger.reserve(reservation);
      return ledger.reserve({
        ...reservation,
        scopes: reservation.scopes.map((scope) => ({ ...scope, limit: Infinity })),
      });
    },
  }),
  "settles once: a second settle, a settle after release and a release after settle change nothing": (ledger) => ({
    async settle(id, amount) {
      await ledger.settle(id, amount);
      await ledger.reserve({
        id: `${id} again ${Math.random()}`,
        amount,
        scopes: [{ key: "all", window: "total", limit: Infinity }],
        lease: 1e6,
      });
    },
  }),
  "frees what is released": () => ({ release: async () => {} }),
  "keeps a reservation whose lease is renewed": () => ({ extend: async () => ({ granted: true }) }),
  "charges a reservation in full when its lease runs out": (_, clock) =>
    plainLedger(() => Math.min(clock(), Date.UTC(2026, 4, 14, 12))),
};

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
