import { expect, test } from "vitest";
import { testLedger } from "@plugboard/testing/test-store";
import { memoryLedger } from "./memory-ledger.ts";

testLedger("the memory ledger", ({ clock }) => memoryLedger({ clock }));

const lease = 1000;

test("keeps so many rows of the report, and forgets the oldest, whatever is settled late", async () => {
  let now = Date.UTC(2026, 4, 14, 12);
  const ledger = memoryLedger({ clock: () => now, maxRows: 3 });
  for (let day = 0; day < 5; day++) {
    await ledger.reserve({ id: `day ${day}`, amount: 5, scopes: [], lease, labels: { user: "ada" } });
    now += 24 * 3_600_000;
  }
  for (let day = 0; day < 5; day++) await ledger.settle(`day ${day}`, day);
  const rows = await ledger.report("2026-05-01", "2026-06-01");
  expect(rows.map(({ day, spent }) => [day, spent])).toEqual([
    ["2026-05-16", 2],
    ["2026-05-17", 3],
    ["2026-05-18", 4],
  ]);
});

test("tells the days of one set of labels apart, whichever way the clock is read", async () => {
  let now = Date.UTC(2026, 4, 14, 23, 59, 59);
  const ledger = memoryLedger({ clock: () => now });
  const labels = Object.freeze({ user: "ada" });
  for (const id of ["late", "early", "later"]) {
    await ledger.reserve({ id, amount: 5, scopes: [{ key: "all", limit: 100, window: "day" }], lease, labels });
    await ledger.settle(id, 5);
    now += id === "late" ? 1000 : 24 * 3_600_000 - 1000;
  }
  const rows = await ledger.report("2026-05-01", "2026-06-01");
  expect(rows.map(({ day, attempts }) => [day, attempts])).toEqual([
    ["2026-05-14", 1],
    ["2026-05-15", 2],
  ]);
});

test("counts a full rolling window for a thousandth longer at most, and never shorter", async () => {
  let now = 1_000_000;
  const ledger = memoryLedger({ clock: () => now });
  const window = { rolling: 10_000 };
  const taken: number[] = [];
  for (let call = 0; call < 20_000; call++) {
    if (call % 2 === 0) now++;
    await ledger.reserve({ id: `${call}`, amount: 1, scopes: [{ key: "all", limit: 1e6, window }], lease });
    await ledger.settle(`${call}`, 1);
    taken.push(now);
    if (call % 500 > 0) continue;
    const within = (span: number): number => taken.filter((at) => at > now - span).length;
    const { spent } = await ledger.spend("all", window);
    expect(spent).toBeGreaterThanOrEqual(within(10_000));
    expect(spent).toBeLessThanOrEqual(within(10_010));
  }
});

test("forgets keys in which nothing counts any more, and no other", async () => {
  let now = 0;
  const ledger = memoryLedger({ clock: () => now });
  const kept = { key: "kept", limit: 10, window: "total" } as const;
  await ledger.reserve({ id: "kept", amount: 0, scopes: [kept], lease: 1e9 });
  for (let user = 0; user < 20_000; user++) {
    const key = `user=${user}`;
    const scopes = [
      { key, limit: 10, window: { rolling: 100 } },
      { key, limit: 10, window: "total" },
    ] as const;
    await ledger.reserve({ id: key, amount: 10, scopes, lease });
    await (user % 2 === 0 ? ledger.settle(key, 10) : ledger.release(key));
    now++;
  }
  await ledger.extend("kept", { lease: 1e9, amount: 7 });
  expect(await ledger.spend("kept", "total")).toMatchObject({ held: 7 });
  expect(await ledger.spend("user=2", "total")).toMatchObject({ spent: 10 });
  expect(await ledger.spend("user=2", { rolling: 100 })).toMatchObject({ spent: 0 });
});
