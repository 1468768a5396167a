import { checkOption } from "@plugboard/core";
import type { CacheStore, Ledger, LeaseStore, LimitStore } from "@plugboard/core";
import { Connection } from "./connection.ts";
import { sqliteCache } from "./sqlite-cache.ts";
import type { SqliteCacheOptions } from "./sqlite-cache.ts";
import { sqliteLeases } from "./sqlite-leases.ts";
import { sqliteLedger } from "./sqlite-ledger.ts";
import { sqliteLimits } from "./sqlite-limits.ts";

/** Where the stores are, and what they go by. */
export interface SqliteStoreOptions {
  /** The file, on a local disk; made where there is none, for its owner alone. `:memory:` is one that this store alone sees. */
  readonly path: string;
  /** Milliseconds since the epoch; for tests. @default SQLite's own time, which all processes share */
  readonly clock?: () => number;
  /** Milliseconds to wait, without blocking the process, for another one that writes. @default 5000 */
  readonly busyTimeout?: number;
  /**
   * What is sure to be on the disk once a verb has resolved. With `normal`, everything survives a process that is killed; a power cut
   * can take the last moments. With `full`, a power cut takes nothing either, at the price of a write through to the disk. @default "normal"
   */
  readonly synchronous?: "normal" | "full";
  /** How much the cache keeps; whoever sets an entry goes by its own. */
  readonly cache?: SqliteCacheOptions;
  /** For how many days the report of the ledger reaches back. @default 400 */
  readonly keepDays?: number;
}

/** What several processes of one machine share, in one file. */
export interface SqliteStore extends Disposable {
  readonly ledger: Ledger;
  readonly cache: CacheStore;
  readonly limits: LimitStore;
  readonly leases: LeaseStore;
  /** Does what is under way, and closes the file. What is asked for later is refused. */
  close(): void;
}

/**
 * Opens the file, for budgets, limits, caches and shared calls that hold across all processes of this machine that open it.
 *
 * @throws {ModelError} `unsupported` for a file of a later version, or one that is not on a local disk
 * @example
 * const store = sqliteStore({ path: "plugboard.db" });
 * const model = openai("gpt-4o").with(cache({ store: store.cache }), budget({ limit: { usd: 5 }, ledger: store.ledger }));
 */
export function sqliteStore({
  path,
  clock,
  busyTimeout = 5000,
  synchronous = "normal",
  cache,
  keepDays = 400,
}: SqliteStoreOptions): SqliteStore {
  checkOption("busyTimeout", busyTimeout, { least: 0, most: 2 ** 31 - 1, whole: true });
  checkOption("keepDays", keepDays, { least: 1, most: 36_500, whole: true });
  const connection = new Connection({ path, clock, busyTimeout, synchronous });
  const close = (): void => connection.close();
  return {
    ledger: sqliteLedger(connection, keepDays),
    cache: sqliteCache(connection, cache),
    limits: sqliteLimits(connection),
    leases: sqliteLeases(connection),
    close,
    [Symbol.dispose]: close,
  };
}
