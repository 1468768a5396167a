import { expect } from "vitest";
import type { Ledger } from "@plugboard/core";
import { expectSpend, lease, reserve, scope } from "./ledger-acts.ts";
import type { Rule } from "./rule.ts";

/** What `Ledger` promises of reserving and booking, whenever it is. */
export const ledgerBookingRules: readonly Rule<Ledger>[] = [
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
    name: "grants an id that is reserved already once more, and adds nothing",
    async check(create) {
      const ledger = await create();
      await reserve(ledger, "a", 60, scope(100));
      expect(await reserve(ledger, "a", 60, scope(100))).toEqual({ granted: true });
      await expectSpend(ledger, scope(100), { held: 60 });
    },
  },
  {
    name: "counts a scope that is named twice once, and goes by the lower of its limits",
    async check(create) {
      const ledger = await create();
      await reserve(ledger, "a", 60, scope(100), scope(100));
      await expectSpend(ledger, scope(100), { held: 60 });
      expect(await reserve(ledger, "b", 30, scope(100), scope(80))).toMatchObject({ scope: { limit: 80 } });
      await ledger.settle("a", 20);
      await expectSpend(ledger, scope(100), { spent: 20 });
    },
  },
  {
    name: "refuses to extend what is not reserved, or no longer",
    async check(create) {
      const ledger = await create();
      await reserve(ledger, "settled", 10, scope(100));
      await ledger.settle("settled", 10);
      await reserve(ledger, "released", 10, scope(100));
      await ledger.release("released");
      for (const id of ["absent", "settled", "released"]) {
        const extended = ledger.extend(id, { lease, amount: 10 });
        await expect(extended, `extending ${id}`).rejects.toMatchObject({ code: "invalid-request" });
      }
      await expectSpend(ledger, scope(100), { spent: 10 });
    },
  },
  {
    name: "refuses an amount that is no whole number from 0 to 2^53 - 1, and changes nothing",
    async check(create) {
      const ledger = await create();
      const refused = { code: "invalid-request", message: expect.stringContaining("`amount`") };
      await reserve(ledger, "a", 5, scope(10));
      for (const amount of [-1, 0.5, Number.NaN, Infinity, -Infinity, 2 ** 60, "5" as unknown as number]) {
        await expect(reserve(ledger, "b", amount, scope(10)), `an amount of ${amount}`).rejects.toMatchObject(refused);
        await expect(ledger.extend("a", { lease, amount }), `an amount of ${amount}`).rejects.toMatchObject(refused);
        await expect(ledger.settle("a", amount), `an amount of ${amount}`).rejects.toMatchObject(refused);
      }
      await expectSpend(ledger, scope(10), { held: 5 });
    },
  },
];
