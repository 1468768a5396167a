import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach } from "vitest";
import { testCacheStore, testLeaseStore, testLedger, testLimitStore } from "@plugboard/testing/test-store";
import { sqliteStore } from "./sqlite-store.ts";
import type { SqliteStore } from "./sqlite-store.ts";

const directory = mkdtempSync(join(tmpdir(), "plugboard-sqlite-"));
afterAll(() => rmSync(directory, { recursive: true }));

let files = 0;
const opened: SqliteStore[] = [];
afterEach(() => {
  for (const store of opened.splice(0)) store.close();
});

function open(clock: () => number, path = join(directory, `${files++}.db`)): SqliteStore {
  const store = sqliteStore({ path, clock });
  opened.push(store);
  return store;
}

testLedger("the SQLite ledger", ({ clock }) => open(clock).ledger);
testCacheStore("the SQLite cache", ({ clock }) => open(clock).cache);
testLimitStore("the SQLite limits", ({ clock }) => open(clock).limits);
testLeaseStore("the SQLite leases", ({ clock }) => open(clock).leases);
