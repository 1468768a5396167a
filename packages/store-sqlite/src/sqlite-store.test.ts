import { fork } from "node:child_process";
import { statSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { expect, test, vi } from "vitest";
import { testCacheStore, testLeaseStore, testLedger, testLimitStore } from "@plugboard/testing/test-store";
import { openTestStores } from "./open-test-store.ts";
import { sqliteStore } from "./sqlite-store.ts";
import type { SqliteStore, SqliteStoreOptions } from "./sqlite-store.ts";

const stores = openTestStores();

testLedger("the SQLite ledger in memory", ({ clock }) => stores.open({ path: ":memory:", clock }).ledger);
testCacheStore("the SQLite cache in memory", ({ clock }) => stores.open({ path: ":memory:", clock }).cache);
testLimitStore("the SQLite limits in memory", ({ clock }) => stores.open({ path: ":memory:", clock }).limits);
testLeaseStore("the SQLite leases in memory", ({ clock }) => stores.open({ path: ":memory:", clock }).leases);

/** A store of one file that is asked through two connections in turn. */
function inTurn<Name extends "ledger" | "cache" | "limits" | "leases">(
  name: Name,
  options: Partial<SqliteStoreOptions> = {},
): SqliteStore[Name] {
  const path = stores.path();
  const two = [stores.open({ ...options, path })[name], stores.open({ ...options, path })[name]] as const;
  let turn = 0;
  return new Proxy<SqliteStore[Name]>(two[0], { get: (_, verb) => Reflect.get(two[turn++ % 2]!, verb) as unknown });
}

testLedger("the SQLite ledger through two connections", ({ clock }) => inTurn("ledger", { clock }));
testCacheStore("the SQLite cache through two connections", ({ clock }) => inTurn("cache", { clock }));
testLimitStore("the SQLite limits through two connections", ({ clock }) => inTurn("limits", { clock }));
testLeaseStore("the SQLite leases through two connections", ({ clock }) => inTurn("leases", { clock }));

testLedger("the SQLite ledger by its own time", () => inTurn("ledger"), { clock: false });
testCacheStore("the SQLite cache by its own time", () => inTurn("cache"), { clock: false });
testLimitStore("the SQLite limits by its own time", () => inTurn("limits"), { clock: false });
testLeaseStore("the SQLite leases by its own time", () => inTurn("leases"), { clock: false });

const all = { key: "all", limit: 1000, window: "total" } as const;

test("finds again what another store has left in the file, and for its owner alone", async () => {
  const path = stores.path();
  const before = stores.open({ path });
  await before.ledger.reserve({ id: "a", amount: 60, scopes: [all], lease: 60_000, labels: { user: "ada" } });
  await before.ledger.settle("a", 40);
  await before.cache.set("key", "value", 60_000);
  const lease = await before.leases.acquire("key", 60_000);
  before.close();

  const { ledger, cache, leases } = stores.open({ path });
  expect(await ledger.spend("all", "total")).toMatchObject({ spent: 40, held: 0 });
  expect(await cache.get("key")).toBe("value");
  expect(await leases.acquire("key", 1000)).toBeUndefined();
  expect(await leases.renew(lease!, 1000)).toBe(true);
  for (const file of [path, `${path}-wal`]) expect(statSync(file).mode & 0o077, `rights of ${file}`).toBe(0);
});

test("goes by the time of the machine, and never back when it is opened anew", async () => {
  const path = stores.path();
  const { limits } = stores.open({ path });
  const take = { key: "all", limit: 10, window: 1000, cost: 1 };
  const before = Date.now();
  const { at } = (await limits.take([take])) as { readonly at: number };
  expect(at).toBeGreaterThanOrEqual(before - 1);
  expect(at).toBeLessThanOrEqual(Date.now() + 1);
  const late = stores.open({ path, clock: () => at - 1e9 });
  expect((await late.limits.take([take])) as { readonly at: number }).toMatchObject({ granted: true });
  expect(((await late.limits.take([take])) as { readonly at: number }).at).toBeGreaterThanOrEqual(at);
});

test("waits for another connection that writes, without blocking the process", async () => {
  const path = stores.path();
  const { ledger } = stores.open({ path });
  const other = new DatabaseSync(path);
  other.exec("BEGIN IMMEDIATE");
  let granted = false;
  const reserved = ledger.reserve({ id: "a", amount: 1, scopes: [all], lease: 1000 }).then(() => (granted = true));
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setTimeout(resolve, 2));
  expect(granted).toBe(false);
  other.exec("COMMIT");
  other.close();
  await reserved;
  expect(await ledger.spend("all", "total")).toMatchObject({ held: 1 });
});

test("says that it is locked when that takes too long, and has done nothing then", async () => {
  const path = stores.path();
  const { ledger } = stores.open({ path, busyTimeout: 10 });
  const other = new DatabaseSync(path);
  other.exec("BEGIN IMMEDIATE");
  const refused = { code: "overloaded", message: expect.stringContaining(path) };
  const asked = ["a", "b"].map((id) => ledger.reserve({ id, amount: 1, scopes: [all], lease: 1000 }));
  for (const one of asked) await expect(one).rejects.toMatchObject(refused);
  other.exec("COMMIT");
  other.close();
  expect(await ledger.spend("all", "total")).toMatchObject({ held: 0 });
});

test("does the others of a turn when one of them fails", async () => {
  const { ledger } = stores.open();
  const outcomes = await Promise.allSettled([
    ledger.reserve({ id: "a", amount: 1, scopes: [all], lease: 1000 }),
    ledger.extend("absent", { lease: 1000 }),
    ledger.reserve({ id: "b", amount: 1, scopes: [all], lease: Number.NaN }), // the engine refuses it
    ledger.reserve({ id: "c", amount: 1, scopes: [all], lease: 1000 }),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected", "fulfilled"]);
  expect(outcomes[2]).toMatchObject({ reason: { code: "unknown", message: expect.stringContaining("expires") } });
  expect(await ledger.spend("all", "total")).toMatchObject({ held: 2 });
});

test("does what is under way when it is closed, and refuses what comes later", async () => {
  const path = stores.path();
  const store = sqliteStore({ path });
  const reserved = store.ledger.reserve({ id: "a", amount: 1, scopes: [all], lease: 60_000 });
  store.close();
  store.close();
  expect(await reserved).toEqual({ granted: true });
  const refused = { code: "invalid-request", message: expect.stringContaining("closed") };
  await expect(store.ledger.settle("a", 1)).rejects.toMatchObject(refused);
  await expect(store.cache.get("key")).rejects.toMatchObject(refused);
  expect(await stores.open({ path }).ledger.spend("all", "total")).toMatchObject({ held: 1 });
});

test("goes on under fake timers", async () => {
  vi.useFakeTimers();
  try {
    const { leases } = stores.open();
    expect(await leases.acquire("key", 60_000)).toMatchObject({ key: "key" });
    expect(await leases.wait("key", 0)).toBe("timeout");
  } finally {
    vi.useRealTimers();
  }
});

test("refuses a file of a later version", () => {
  const path = stores.path();
  stores.open({ path });
  const file = new DatabaseSync(path);
  file.exec("INSERT INTO plugboard_migration VALUES (999, 0)");
  file.close();
  expect(() => stores.open({ path })).toThrow(/later version/);
});

test("refuses a file that is no database, and says which", () => {
  const path = stores.path();
  writeFileSync(path, "not a database, and long enough to be taken for the header of one. ".repeat(20));
  expect(() => stores.open({ path })).toThrow(path);
});

test("stands in the file of an application beside its tables", async () => {
  const path = stores.path();
  const application = new DatabaseSync(path);
  application.exec("CREATE TABLE account (name TEXT)");
  const { ledger } = stores.open({ path });
  await ledger.reserve({ id: "a", amount: 1, scopes: [all], lease: 1000 });
  const tables = application.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  expect(tables.filter(({ name }) => !String(name).startsWith("plugboard_"))).toEqual([{ name: "account" }]);
  application.close();
});

test("is opened by many processes at once, and adds up what they book", async () => {
  const path = stores.path();
  const exits = Array.from({ length: 6 }, async (_, place) => {
    const child = fork(new URL("./test-booker.ts", import.meta.url), [path, String(place)], {
      execArgv: ["--no-warnings"],
    });
    return new Promise((resolve) => child.once("exit", resolve));
  });
  expect(await Promise.all(exits)).toEqual([0, 0, 0, 0, 0, 0]);
  const { ledger } = stores.open({ path });
  expect(await ledger.spend("all", "total")).toMatchObject({ spent: 900, held: 0, assumed: 0 });
  const rows = await ledger.report("2000-01-01", "2100-01-01");
  expect(rows.reduce((sum, { attempts }) => sum + attempts, 0)).toBe(900);
});
