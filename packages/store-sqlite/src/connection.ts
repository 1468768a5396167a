import { closeSync, openSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import type { SQLInputValue } from "node:sqlite";
import { ModelError } from "@plugboard/core";
import { periodOf } from "@plugboard/core/store";
import { Checkpoints } from "./checkpoints.ts";
import { isBusy, storeError } from "./store-error.ts";
import { migrate } from "./migrate.ts";

/** How a file is opened. */
export interface ConnectionOptions {
  readonly path: string;
  readonly clock: (() => number) | undefined;
  readonly busyTimeout: number;
  readonly synchronous: "normal" | "full";
}

/** A prepared statement, with the type of its rows. */
export interface Statement<Row> {
  get(...values: readonly SQLInputValue[]): Row | undefined;
  all(...values: readonly SQLInputValue[]): readonly Row[];
  /** How many rows it changed. */
  run(...values: readonly SQLInputValue[]): number;
}

/** What waits to be done. */
interface Verb {
  readonly run: (now: number) => unknown;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
  readonly since: number;
}

// Those of the machine: an application's tests with fake timers do not stop the store.
const [soon, later] = [setImmediate, setTimeout];

/** No more than this is done in one transaction, so that nothing else in the process waits for long. */
const most = 256;

/**
 * One connection to the file. The engine is synchronous, so verbs that are asked for in the same turn of the event loop are done in one
 * transaction: the price of a commit is shared between them. While another process writes, nothing here is blocked; more verbs gather.
 */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #database: DatabaseSync;
  readonly #begin: Statement<never>;
  readonly #commit: Statement<never>;
  readonly #tick: Statement<{ readonly now: number }>;
  readonly #time: Statement<{ readonly now: number }>;
  /** Done at the beginning of every transaction. */
  readonly #chores: ((now: number) => void)[] = [];
  readonly #newDay: Statement<never>;
  readonly #dailyChores: ((now: number) => void)[] = [];
  readonly #waiting: Verb[] = [];
  readonly #checkpoints: Checkpoints;
  #planned = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#database = open(options);
    this.#checkpoints = new Checkpoints(options);
    this.#begin = this.prepare("BEGIN IMMEDIATE");
    this.#commit = this.prepare("COMMIT");
    // The time of the store never goes back, whichever process asks.
    const time = "max(now, coalesce(?, CAST(round(unixepoch('subsec') * 1000) AS INTEGER)))";
    this.#tick = this.prepare(`UPDATE plugboard_clock SET now = ${time} RETURNING now`);
    this.#newDay = this.prepare("UPDATE plugboard_clock SET tidied = ? WHERE tidied <> ?");
    this.#time = this.prepare(`SELECT ${time} AS now FROM plugboard_clock`);
  }

  /** With plain `?` for values: numbered ones are not bound in order by Node 22. */
  prepare<Row>(sql: string): Statement<Row> {
    const statement = this.#database.prepare(sql);
    return {
      get: (...values) => statement.get(...values) as Row | undefined,
      all: (...values) => statement.all(...values) as readonly unknown[] as readonly Row[],
      run: (...values) => Number(statement.run(...values).changes),
    };
  }

  /** Has something done whenever anything is. */
  always(chore: (now: number) => void): void {
    this.#chores.push(chore);
  }

  /** Has something done once a day, by whichever process comes first. */
  daily(chore: (now: number) => void): void {
    this.#dailyChores.push(chore);
  }

  /** Does something in a transaction: all of it, or nothing and a rejection. */
  write<Result>(run: (now: number) => Result): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (!this.#database.isOpen) throw closed(this.#options);
      this.#waiting.push({ run, resolve: resolve as Verb["resolve"], reject, since: performance.now() });
      if (!this.#planned) this.#plan();
    });
  }

  /** Reads what has been committed, without waiting for who writes. */
  async read<Result>(run: (now: number) => Result): Promise<Result> {
    const since = performance.now();
    for (;;) {
      if (!this.#database.isOpen) throw closed(this.#options);
      try {
        return run(this.#time.get(this.#clock())!.now);
      } catch (error) {
        if (!isBusy(error) || this.#isOver(since)) throw storeError(error, this.#options.path);
      }
      await new Promise((resolve) => later(resolve, pause()));
    }
  }

  /** Does what waits, and closes the file. */
  close(): void {
    if (!this.#database.isOpen) return;
    this.#database.exec(`PRAGMA busy_timeout = ${this.#options.busyTimeout}`);
    while (this.#waiting.length > 0) this.#flush();
    this.#database.close();
    this.#checkpoints.close();
  }

  #plan(after?: number): void {
    this.#planned = true;
    const flush = (): void => {
      this.#planned = false;
      if (this.#waiting.length > 0 && this.#database.isOpen) this.#flush();
    };
    if (after === undefined) soon(flush);
    else later(flush, after);
  }

  #flush(): void {
    const batch = this.#waiting.splice(0, most);
    try {
      this.#transact(batch);
    } catch (error) {
      if (isBusy(error)) return this.#putBack(batch, error);
      // What is wrong with one is not the fault of the others.
      if (batch.length === 1) batch[0]!.reject(storeError(error, this.#options.path));
      else for (const verb of batch) this.#alone(verb);
    }
    if (this.#waiting.length > 0 && !this.#planned) this.#plan();
  }

  #alone(verb: Verb): void {
    try {
      this.#transact([verb]);
    } catch (error) {
      if (isBusy(error)) this.#putBack([verb], error);
      else verb.reject(storeError(error, this.#options.path));
    }
  }

  #transact(batch: readonly Verb[]): void {
    const results: unknown[] = [];
    this.#begin.run();
    try {
      const { now } = this.#tick.get(this.#clock())!;
      for (const chore of this.#chores) chore(now);
      const today = periodOf("day", now);
      if (this.#newDay.run(today, today) > 0) for (const chore of this.#dailyChores) chore(now);
      for (const { run } of batch) results.push(resultOf(run, now));
      this.#commit.run();
      this.#checkpoints.committed();
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw error;
    }
    for (const [place, { resolve, reject }] of batch.entries()) {
      const result = results[place];
      if (result instanceof ModelError) reject(result);
      else resolve(result);
    }
  }

  /** Another process writes: those who have waited too long are told, the others are tried again. */
  #putBack(batch: readonly Verb[], error: unknown): void {
    const patient: Verb[] = [];
    for (const verb of batch) {
      if (this.#isOver(verb.since)) verb.reject(storeError(error, this.#options.path));
      else patient.push(verb);
    }
    this.#waiting.unshift(...patient);
    if (this.#waiting.length > 0 && !this.#planned) this.#plan(pause());
  }

  #isOver(since: number): boolean {
    return performance.now() - since >= this.#options.busyTimeout;
  }

  /** Whole milliseconds, or nothing for SQLite's own time. */
  #clock(): number | null {
    const { clock } = this.#options;
    return clock ? Math.floor(clock()) : null;
  }
}

/** What a verb gives, or why it refuses: it does that before it changes anything, so the others need not be undone. */
function resultOf(run: Verb["run"], now: number): unknown {
  try {
    return run(now);
  } catch (error) {
    if (error instanceof ModelError) return error;
    throw error;
  }
}

/** Milliseconds until another try: not in step with other processes. */
function pause(): number {
  return 1 + 4 * Math.random();
}

function open({ path, busyTimeout, synchronous }: ConnectionOptions): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    // What is cached may be private: nobody else reads it. SQLite gives the files beside it the same rights.
    if (path !== ":memory:") closeSync(openSync(path, "a", 0o600));
    database = new DatabaseSync(path);
    database.exec(`PRAGMA busy_timeout = ${busyTimeout}`);
    const { journal_mode: mode } = database.prepare("PRAGMA journal_mode = WAL").get() as { journal_mode: string };
    if (mode !== "wal" && path !== ":memory:") {
      const message = `"${path}" cannot be shared: SQLite keeps its journal as "${mode}" there, not as "wal". It must be a local disk.`;
      throw new ModelError(message, { code: "unsupported" });
    }
    // A thread of its own brings the journal into the file. While commits go on and on, it begins anew only when one of them, at so many
    // pages, brings in the rest.
    database.exec(`PRAGMA synchronous = ${synchronous}; PRAGMA journal_size_limit = 67108864`);
    database.exec("PRAGMA wal_autocheckpoint = 8000");
    migrate(database, path);
    // From here on, waiting is ours: SQLite would block the process.
    database.exec("PRAGMA busy_timeout = 0");
    return database;
  } catch (error) {
    database?.close();
    throw error instanceof ModelError ? error : storeError(error, path);
  }
}

function closed({ path }: ConnectionOptions): ModelError {
  return new ModelError(`The store "${path}" is closed.`, { code: "invalid-request" });
}
