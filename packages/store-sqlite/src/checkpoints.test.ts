import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { existsSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { sqliteStore } from "./sqlite-store.ts";

/** How many attempts the file alone tells of, without its journal. */
async function bookedIn(file: string, copy: string): Promise<number> {
  await copyFile(file, copy);
  const database = new DatabaseSync(copy);
  try {
    const row = database.prepare("SELECT sum(attempts) AS attempts FROM plugboard_spend").get();
    return Number(row?.["attempts"] ?? 0);
  } finally {
    database.close();
  }
}

test("what is committed is brought into the file meanwhile, and the journal does not grow on; closing leaves the file alone", async () => {
  const folder = await mkdtemp(join(tmpdir(), "checkpoints-"));
  const path = join(folder, "a.db");
  const store = sqliteStore({ path });
  const scopes = [{ key: "a", window: "total", limit: 1e12 }] as const;
  let most = 0;
  for (let call = 0; call < 3000; call++) {
    await store.ledger.reserve({ id: String(call), amount: 2, scopes, lease: 60_000 });
    await store.ledger.settle(String(call), 1);
    most = Math.max(most, statSync(`${path}-wal`).size);
  }
  // At 8,000 pages of 4 kB a commit brings in the rest, and the journal begins anew; so many calls write some 24,000.
  expect(most).toBeLessThan(10_000 * 4096);
  await expect.poll(() => bookedIn(path, join(folder, "copy.db")), { timeout: 5000 }).toBeGreaterThan(500);
  await expect(store.ledger.spend("a", "total")).resolves.toMatchObject({ spent: 3000, held: 0 });
  store.close();
  await expect.poll(() => existsSync(`${path}-wal`), { timeout: 5000 }).toBe(false);
  await expect(bookedIn(path, join(folder, "copy.db"))).resolves.toBe(3000);
  await rm(folder, { recursive: true });
});

test("a store in memory has no journal, and so no thread", async () => {
  using store = sqliteStore({ path: ":memory:" });
  for (let call = 0; call < 300; call++) await store.cache.delete(String(call));
  await expect(store.ledger.spend("a", "total")).resolves.toMatchObject({ spent: 0 });
});
