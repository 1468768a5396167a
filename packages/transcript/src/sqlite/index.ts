import { DatabaseSync } from "node:sqlite";
import { ModelError, checkOption } from "@plugboard/core";
import type { Json, JsonObject } from "@plugboard/core";
import { objectOf } from "@plugboard/wire";
import type { LogSink } from "../log/log-sink.ts";

/** How a log is kept in SQLite. */
export interface SqliteLogOptions {
  /** Milliseconds that writing is tried for while another process writes; what waits, waits in the queue. @default 5000 */
  readonly busyTimeout?: number;
}

/** Milliseconds between two tries. */
const pause = { least: 5, most: 100 };
// That of the machine: an application's tests with fake timers do not stop the log.
const later = setTimeout;

/** Does it, and again while the file is another's. */
async function onceFree(act: () => void, patience: number): Promise<void> {
  const until = performance.now() + patience;
  for (let wait = pause.least; ; wait = Math.min(wait * 2, pause.most)) {
    try {
      return act();
    } catch (error) {
      if (!isBusy(error) || performance.now() + wait > until) throw error;
      await new Promise<void>((resolve) => void later(resolve, wait));
    }
  }
}

/** SQLITE_BUSY and SQLITE_LOCKED, whatever more their code says: https://www.sqlite.org/rescode.html */
function isBusy(error: unknown): boolean {
  if (!(error instanceof Error) || !("errcode" in error) || typeof error.errcode !== "number") return false;
  const code = error.errcode & 0xff;
  return code === 5 || code === 6;
}

/**
 * A log in a SQLite file: a row for each call, with what calls are looked up by in columns of their own and the whole line beside them.
 *
 * A file that another process writes to is tried again, without stopping this one: SQLite's own waiting would.
 *
 * @throws {ModelError} from writing: `unknown` where the file cannot be written
 * @example
 * const model = openai("gpt-4o").with(record(sqliteLog("calls.db")));
 * // sqlite3 calls.db "select model, count(*), sum(cost) / 1e9 from calls group by model"
 */
export function sqliteLog(path: string, { busyTimeout = 5000 }: SqliteLogOptions = {}): LogSink {
  checkOption("busyTimeout", busyTimeout, { least: 0 });
  let database: DatabaseSync | undefined;

  function opened(): DatabaseSync {
    if (database) return database;
    const file = new DatabaseSync(path);
    try {
      prepareTable(file);
    } catch (error) {
      file.close();
      throw error;
    }
    return (database = file);
  }

  function insert(lines: readonly string[]): void {
    const file = opened();
    const statement = file.prepare("INSERT OR REPLACE INTO calls VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    file.exec("BEGIN IMMEDIATE");
    try {
      for (const line of lines) statement.run(...rowOf(line));
      file.exec("COMMIT");
    } catch (error) {
      file.exec("ROLLBACK");
      throw error;
    }
  }

  return {
    async write(lines) {
      try {
        await onceFree(() => insert(lines), busyTimeout);
      } catch (cause) {
        throw new ModelError(`The log ${path} cannot be written.`, { code: "unknown", cause });
      }
    },
    async close() {
      database?.close();
      database = undefined;
    },
  };
}

function prepareTable(file: DatabaseSync): void {
  file.exec(`
    PRAGMA busy_timeout = 0; -- waiting is ours: this one stops the whole process
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL; -- no commit waits for the disk; a crash of the machine may lose the last ones
    CREATE TABLE IF NOT EXISTS calls (
      id TEXT PRIMARY KEY,
      started INTEGER NOT NULL,  -- milliseconds since the epoch
      ended INTEGER NOT NULL,
      provider TEXT NOT NULL,
      model TEXT NOT NULL,
      outcome TEXT NOT NULL,
      input INTEGER,             -- tokens
      output INTEGER,
      cost INTEGER,              -- nano-dollars
      tags TEXT,                 -- JSON
      line TEXT NOT NULL         -- the whole call, as a log in a file has it
    ) STRICT;
    CREATE INDEX IF NOT EXISTS calls_by_time ON calls (started);
  `);
}

/**
 * The lines of a log in a SQLite file, oldest first: `readLog` reads them.
 *
 * @throws {ModelError} `invalid-request` for a file that is not there, or is no log
 */
export async function* sqliteLogLines(path: string): AsyncGenerator<Uint8Array, void, undefined> {
  const database = openedToRead(path);
  try {
    for (const { line } of database.prepare("SELECT line FROM calls ORDER BY started, id").iterate())
      yield Buffer.from(`${String(line)}\n`);
  } finally {
    database.close();
  }
}

function openedToRead(path: string): DatabaseSync {
  try {
    const database = new DatabaseSync(path, { readOnly: true });
    try {
      database.prepare("SELECT line FROM calls LIMIT 1");
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  } catch (cause) {
    throw new ModelError(`The log ${path} cannot be read: ${(cause as Error).message}.`, {
      code: "invalid-request",
      cause,
    });
  }
}

type Cell = string | number | null;

function rowOf(line: string): [Cell, Cell, Cell, Cell, Cell, Cell, Cell, Cell, Cell, Cell, Cell] {
  // Written by `record`.
  const call = JSON.parse(line) as JsonObject;
  const usage = objectOf(objectOf(call["result"])?.["usage"]);
  const cost = objectOf(call["cost"])?.["total"];
  const tags = call["tags"] === undefined ? null : JSON.stringify(call["tags"]);
  const { id, started, ended, provider, model, outcome } = call;
  return [
    cell(id),
    cell(started),
    cell(ended),
    cell(provider),
    cell(model),
    cell(outcome),
    cell(usage?.["input"]),
    cell(usage?.["output"]),
    cell(cost),
    tags,
    line,
  ];
}

function cell(value: Json | undefined): Cell {
  return typeof value === "string" || typeof value === "number" ? value : null;
}
