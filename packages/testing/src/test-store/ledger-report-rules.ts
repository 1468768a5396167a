import { expect } from "vitest";
import type { Ledger, NanoDollars, SpendRow } from "@plugboard/core";
import { labelText } from "@plugboard/core/store";
import { hour, lease, reportOf, scope } from "./ledger-acts.ts";
import type { Rule } from "./rule.ts";

const today = "2026-05-14";
const limit = scope(Number.MAX_SAFE_INTEGER);

function reserveAs(ledger: Ledger, labels: SpendRow["labels"], id: string, amount: NanoDollars): Promise<unknown> {
  return ledger.reserve({ id, amount, scopes: [limit], lease, labels });
}

/** What `Ledger` promises of its report. The day is found out, where the store has a clock of its own. */
export const ledgerReportRules: readonly Rule<Ledger>[] = [
  {
    name: "reports what was settled, a row for each set of labels",
    async check(create) {
      const ledger = await create();
      const [ada, bob] = [
        { user: "ada", model: "m" },
        { user: "bob", model: "m" },
      ];
      await reserveAs(ledger, ada, "a", 50);
      await reserveAs(ledger, bob, "b", 60);
      await reserveAs(ledger, ada, "c", 70);
      await ledger.settle("a", 20);
      await ledger.settle("b", 0);
      await ledger.settle("c", 90);
      await ledger.settle("c", 80);
      const rows = await reportOf(ledger, "2000-01-01", "2100-01-01");
      expect(rows).toEqual([
        { day: expect.stringMatching(/^\d{4}-\d\d-\d\d$/), labels: ada, attempts: 2, spent: 110, assumed: 0 },
        { day: expect.any(String), labels: bob, attempts: 1, spent: 0, assumed: 0 },
      ]);
    },
  },
  {
    name: "reports nothing of what is held or released",
    async check(create) {
      const ledger = await create();
      await reserveAs(ledger, { user: "ada" }, "a", 50);
      await ledger.extend("a", { lease, amount: 5 });
      await reserveAs(ledger, { user: "bob" }, "b", 50);
      await ledger.release("b");
      expect(await ledger.report("2000-01-01", "2100-01-01")).toEqual([]);
    },
  },
  {
    name: "reports an attempt once, however many scopes it counts against, and one without labels too",
    async check(create) {
      const ledger = await create();
      const scopes = [limit, scope(100, "day"), scope(100, { rolling: hour }, "user=ada")];
      await ledger.reserve({ id: "a", amount: 50, scopes, lease });
      await ledger.reserve({ id: "b", amount: 50, scopes: [], lease, labels: {} });
      await ledger.settle("a", 30);
      await ledger.settle("b", 40);
      expect(await ledger.report("2000-01-01", "2100-01-01")).toMatchObject([
        { labels: {}, attempts: 2, spent: 70, assumed: 0 },
      ]);
    },
  },
  {
    name: "takes labels in another order for the same, and keeps apart those that differ in anything",
    async check(create) {
      const ledger = await create();
      const different: readonly SpendRow["labels"][] = [
        { a: "1", b: "2" },
        { a: "1", b: "2", c: "" },
        { a: "1" },
        { a: "1,b=2" },
        { "a=1,b": "2" },
        { A: "1", b: "2" },
        { a: "1", b: "2 " },
        Object.fromEntries([["__proto__", "1"]]),
        { a: 'quoted "é" 𝄞\n\u0000' },
      ];
      for (const [place, labels] of [...different, { b: "2", a: "1" }].entries()) {
        await reserveAs(ledger, labels, `call ${place}`, 10);
        await ledger.settle(`call ${place}`, 10);
      }
      const rows = await ledger.report("2000-01-01", "2100-01-01");
      expect(rows).toHaveLength(different.length);
      for (const labels of different) {
        const own = rows.filter((row) => labelText(row.labels) === labelText(labels));
        expect(own, `rows of ${labelText(labels)}`).toMatchObject([{ attempts: labels === different[0] ? 2 : 1 }]);
      }
    },
  },
  {
    name: "reports exactly where sums are large",
    async check(create) {
      const ledger = await create();
      const most = Number.MAX_SAFE_INTEGER;
      await reserveAs(ledger, {}, "a", most - 2);
      await ledger.settle("a", most - 2);
      await reserveAs(ledger, {}, "b", 1);
      await ledger.settle("b", 1);
      expect(await ledger.report("2000-01-01", "2100-01-01")).toMatchObject([{ attempts: 2, spent: most - 1 }]);
    },
  },
  {
    name: "refuses a day that is none",
    async check(create) {
      const ledger = await create();
      for (const day of ["", "today", "2026-5-4", "2026-02-30", "2026-05-14T00:00:00Z"]) {
        await expect(ledger.report(day, today), `a day "${day}"`).rejects.toMatchObject({ code: "invalid-request" });
        await expect(ledger.report(today, day), `a day "${day}"`).rejects.toMatchObject({ code: "invalid-request" });
      }
    },
  },
  {
    name: "reports from one day to another, both included, by the day of the reservation",
    needsClock: true,
    async check(create, clock) {
      const ledger = await create();
      for (const [place, day] of [13, 14, 15, 16].entries()) {
        clock.set(Date.UTC(2026, 4, day, 23, 59, 59, 900));
        await reserveAs(ledger, { user: "ada" }, `call ${place}`, 50);
        clock.advance(200);
        await ledger.settle(`call ${place}`, day);
      }
      const days = async (from: string, to: string) => (await reportOf(ledger, from, to)).map(({ day }) => day);
      expect(await days("2026-05-14", "2026-05-15")).toEqual(["2026-05-14", "2026-05-15"]);
      expect(await days("2026-05-15", "2026-05-14")).toEqual([]);
      expect(await days("2026-05-17", "2026-06-17")).toEqual([]);
      expect(await reportOf(ledger, today, today)).toEqual([
        { day: today, labels: { user: "ada" }, attempts: 1, spent: 14, assumed: 0 },
      ]);
    },
  },
  {
    name: "reports what ran out as assumed, until it is settled, renewed or released after all",
    needsClock: true,
    async check(create, clock) {
      const ledger = await create();
      const labels = { user: "ada" };
      for (const id of ["settled", "renewed", "released", "dead"]) await reserveAs(ledger, labels, id, 50);
      clock.advance(lease);
      const only = { day: today, labels };
      expect(await ledger.report(today, today)).toEqual([{ ...only, attempts: 4, spent: 0, assumed: 200 }]);
      await ledger.settle("settled", 20);
      await ledger.extend("renewed", { lease });
      await ledger.release("released");
      expect(await ledger.report(today, today)).toEqual([{ ...only, attempts: 2, spent: 20, assumed: 50 }]);
      await ledger.settle("renewed", 10);
      expect(await ledger.report(today, today)).toEqual([{ ...only, attempts: 3, spent: 30, assumed: 50 }]);
    },
  },
];
