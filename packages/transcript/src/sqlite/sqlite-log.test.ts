import { mkdtempSync, rmSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { sqliteLog } from "./index.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sqlite-log-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const lineOf = (id: string): string =>
  JSON.stringify({ id, started: 1, ended: 2, provider: "p", model: "m", outcome: "finished" });

function locked(path: string): DatabaseSync {
  const other = new DatabaseSync(path);
  other.exec("BEGIN IMMEDIATE");
  return other;
}

test("waits for another writer without stopping the process, and writes once it is done", async () => {
  const path = join(folder, "calls.db");
  const log = sqliteLog(path);
  await log.write([lineOf("1")]);
  const other = locked(path);
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  const writing = log.write([lineOf("2")]);
  await new Promise((resolve) => void setTimeout(resolve, 60));
  clearInterval(timer);
  // One that blocks lets no timer fire.
  expect(turns).toBeGreaterThan(5);
  other.exec("COMMIT");
  await writing;
  const { count } = other.prepare("SELECT count(*) AS count FROM calls").get()!;
  expect(count).toBe(2);
  other.close();
  await log.close!();
});

test("gives up after its patience, and goes on with the next lines", async () => {
  const path = join(folder, "calls.db");
  const log = sqliteLog(path, { busyTimeout: 20 });
  await log.write([lineOf("1")]);
  const other = locked(path);
  await expect(log.write([lineOf("2")])).rejects.toMatchObject({ code: "unknown" });
  other.exec("ROLLBACK");
  await log.write([lineOf("3")]);
  const ids = other.prepare("SELECT id FROM calls ORDER BY id").all();
  expect(ids.map(({ id }) => id)).toStrictEqual(["1", "3"]);
  other.close();
  await log.close!();
});

test("waits for the file to be made, too", async () => {
  const path = join(folder, "calls.db");
  const other = locked(path);
  const log = sqliteLog(path);
  const writing = log.write([lineOf("1")]);
  await new Promise((resolve) => void setTimeout(resolve, 20));
  other.exec("ROLLBACK");
  other.close();
  await expect(writing).resolves.toBeUndefined();
  await log.close!();
});
