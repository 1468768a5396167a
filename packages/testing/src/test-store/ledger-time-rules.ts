import { expect } from "vitest";
import type { Ledger } from "@plugboard/core";
import { expectSpend, hour, lease, reserve, scope } from "./ledger-acts.ts";
import type { Rule } from "./rule.ts";

/** What `Ledger` promises of leases and windows. */
export const ledgerTimeRules: readonly Rule<Ledger>[] = [
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
    name: "holds nothing one lease after the last word, in any scope",
    needsClock: true,
    async check(create, clock) {
      const ledger = await create();
      const scopes = [scope(1000), scope(1000, "day"), scope(1000, "month"), scope(1000, { rolling: 24 * hour })];
      for (let call = 0; call < 10; call++) {
        await reserve(ledger, `call ${call}`, 10, ...scopes);
        clock.advance(lease / 20);
      }
      await ledger.settle("call 0", 4);
      await ledger.release("call 1");
      await ledger.extend("call 2", { lease, amount: 5 });
      clock.advance(lease);
      for (const each of scopes) await expectSpend(ledger, each, { spent: 4, assumed: 85 });
    },
  },
  {
    name: "takes an attempt that renews its lease too late for alive",
    needsClock: true,
    async check(create, clock) {
      const ledger = await create();
      await reserve(ledger, "a", 60, scope(100));
      clock.advance(lease);
      await expectSpend(ledger, scope(100), { assumed: 60 });
      expect(await ledger.extend("a", { lease, amount: 41 })).toMatchObject({ granted: false });
      await expectSpend(ledger, scope(100), { assumed: 60 });
      expect(await ledger.extend("a", { lease, amount: 10 })).toEqual({ granted: true });
      await expectSpend(ledger, scope(100), { held: 70 });
    },
  },
  {
    name: "reserves more in the window of the reservation",
    needsClock: true,
    async check(create, clock) {
      const ledger = await create();
      const day = scope(100, "day");
      clock.set(Date.UTC(2026, 4, 14, 23, 59, 59, 900));
      await reserve(ledger, "a", 60, day);
      clock.advance(200);
      await reserve(ledger, "b", 90, day);
      expect(await ledger.extend("a", { lease, amount: 40 })).toEqual({ granted: true });
      expect(await ledger.extend("a", { lease, amount: 1 })).toMatchObject({ granted: false, spend: { held: 100 } });
      await expectSpend(ledger, day, { held: 90 });
    },
  },
  {
    name: "stands still when its clock is set back",
    needsClock: true,
    async check(create, clock) {
      const ledger = await create();
      const rolling = scope(100, { rolling: hour });
      await reserve(ledger, "a", 60, scope(100), scope(100, "day"), rolling);
      clock.advance(lease);
      await expectSpend(ledger, scope(100), { assumed: 60 });
      clock.advance(-24 * hour);
      await expectSpend(ledger, scope(100), { assumed: 60 });
      await expectSpend(ledger, scope(100, "day"), { assumed: 60 });
      await reserve(ledger, "b", 20, scope(100), scope(100, "day"), rolling);
      await expectSpend(ledger, scope(100, "day"), { assumed: 60, held: 20 });
      clock.advance(24 * hour + lease - 1);
      await expectSpend(ledger, scope(100), { assumed: 60, held: 20 });
      clock.advance(1);
      await expectSpend(ledger, rolling, { assumed: 80 });
    },
  },
];
