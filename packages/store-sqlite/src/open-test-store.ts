import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach } from "vitest";
import { sqliteStore } from "./sqlite-store.ts";
import type { SqliteStore, SqliteStoreOptions } from "./sqlite-store.ts";

/** For tests: stores in a directory of the test file, closed after each test. */
export interface TestStores {
  /** A path where there is no file yet. */
  path(): string;
  open(options?: Partial<SqliteStoreOptions>): SqliteStore;
}

/** Registers the tidying with the test file that calls it. */
export function openTestStores(): TestStores {
  const directory = mkdtempSync(join(tmpdir(), "plugboard-sqlite-"));
  const opened: SqliteStore[] = [];
  let files = 0;
  afterEach(() => {
    for (const store of opened.splice(0)) store.close();
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  const path = (): string => join(directory, `${files++}.db`);
  return {
    path,
    open(options) {
      const store = sqliteStore({ path: path(), ...options });
      opened.push(store);
      return store;
    },
  };
}
