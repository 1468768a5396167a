import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { seededRandom } from "@plugboard/testing";
import { openTestStores } from "./open-test-store.ts";

const stores = openTestStores();
const day = 24 * 3_600_000;
const noon = Date.UTC(2026, 4, 14, 12);

/** How many rows each table of the ledger has. */
function sizes(path: string): Record<string, unknown> {
  const file = new DatabaseSync(path);
  const tables = ["hold", "account", "slice", "spend"].map((name) => [
    name,
    file.prepare(`SELECT count(*) AS size FROM plugboard_${name}`).get()!["size"],
  ]);
  file.close();
  return Object.fromEntries(tables) as Record<string, unknown>;
}

test("forgets days that are long over, windows that have left all, and what was never settled, and nothing else", async () => {
  const path = stores.path();
  let now = noon;
  const { ledger } = stores.open({ path, clock: () => now, keepDays: 40 });
  const scopes = [
    { key: "all", limit: 1e9, window: "total" },
    { key: "all", limit: 1e9, window: "day" },
    { key: "all", limit: 1e9, window: "month" },
    { key: "all", limit: 1e9, window: { rolling: 3_600_000 } },
  ] as const;
  await ledger.reserve({ id: "dead", amount: 5, scopes, lease: 1000 });
  for (let past = 0; past < 100; past++) {
    await ledger.reserve({ id: `${past}`, amount: 10, scopes, lease: 1000 });
    await ledger.settle(`${past}`, 10);
    now += day;
  }
  expect(await ledger.spend("all", "total")).toMatchObject({ spent: 1000, assumed: 5, held: 0 });
  // 40 days of the report and of days; the months of them, the rolling window until it is opened again.
  expect(sizes(path)).toEqual({ hold: 0, account: 1 + 40 + 2, slice: 0, spend: 40 });
  await ledger.settle("dead", 1);
  expect(await ledger.spend("all", "total")).toMatchObject({ spent: 1000, assumed: 5 });
});

test("keeps the account of a reservation that may still be settled, however old", async () => {
  let now = noon;
  const { ledger } = stores.open({ clock: () => now, keepDays: 1 });
  const scopes = [{ key: "all", limit: 100, window: { rolling: 1000 } }] as const;
  await ledger.reserve({ id: "a", amount: 0, scopes, lease: 100 * day });
  now += 50 * day;
  await ledger.reserve({ id: "other", amount: 1, scopes: [], lease: 1000 });
  expect(await ledger.extend("a", { lease: 1000, amount: 60 })).toEqual({ granted: true });
  expect(await ledger.spend("all", { rolling: 1000 })).toMatchObject({ held: 60 });
});

test("keeps a rolling window short, counts for a thousandth longer at most, and never shorter", async () => {
  const path = stores.path();
  let now = noon;
  const { ledger, limits } = stores.open({ path, clock: () => now });
  const window = { rolling: 2000 };
  const random = seededRandom(1);
  const times: number[] = [];
  for (let call = 0; call < 4000; call++) {
    now += Math.floor(random() * 3);
    void ledger.reserve({ id: `${call}`, amount: 1, scopes: [{ key: "all", limit: 1e6, window }], lease: 1000 });
    void ledger.settle(`${call}`, 1);
    await limits.take([{ key: "all", limit: 1e6, window: 2000, cost: 1 }]);
    times.push(now);
    if (call % 20 > 0 || call < 2500) continue;
    const within = (span: number): number => times.filter((at) => at > now - span).length;
    const { spent } = await ledger.spend("all", window);
    expect(spent).toBeGreaterThanOrEqual(within(2000));
    expect(spent).toBeLessThanOrEqual(within(2002));
  }
  expect(sizes(path)["slice"]).toBeLessThanOrEqual(1100);
  expect(times.filter((at, place) => at > now - 2000 && at !== times[place - 1]).length).toBeGreaterThan(1200);
});

test("is exact where there are few calls within a window", async () => {
  let now = noon;
  const { ledger, limits } = stores.open({ clock: () => now });
  const hour = 3_600_000;
  const scopes = [{ key: "all", limit: 100, window: { rolling: hour } }] as const;
  for (const id of ["a", "b", "c"]) {
    await ledger.reserve({ id, amount: 10, scopes, lease: 1000 });
    await ledger.settle(id, 10);
    await limits.take([{ key: "all", limit: 3, window: hour, cost: 1 }]);
    now++;
  }
  for (const left of [2, 1, 0]) {
    now = noon + hour + 2 - left;
    expect(await ledger.spend("all", { rolling: hour })).toMatchObject({ spent: 10 * left });
    expect(await limits.take([{ key: "all", limit: 3, window: hour, cost: 4 - left }])).toMatchObject({
      granted: false,
    });
  }
  expect(await limits.take([{ key: "all", limit: 3, window: hour, cost: 3 }])).toMatchObject({ granted: true });
});
