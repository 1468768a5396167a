import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { openTestStores } from "./open-test-store.ts";

const stores = openTestStores();

test("drops what was set longest ago when there are too many entries", async () => {
  const { cache } = stores.open({ cache: { maxEntries: 2 } });
  for (const key of ["a", "b", "a", "c"]) await cache.set(key, key, 60_000);
  expect([await cache.get("a"), await cache.get("b"), await cache.get("c")]).toEqual(["a", undefined, "c"]);
});

test("keeps no more bytes than it may, and counts them as they come and go", async () => {
  const path = stores.path();
  const { cache } = stores.open({ path, cache: { maxBytes: 100 } });
  for (const key of ["a", "b", "c"]) await cache.set(key, "é".repeat(20), 60_000);
  expect([await cache.get("a"), await cache.get("c")]).toEqual([undefined, "é".repeat(20)]);
  await cache.set("b", "short", 60_000);
  await cache.set("d", "x".repeat(101), 60_000);
  await cache.set("c", "x".repeat(101), 60_000);
  expect([await cache.get("b"), await cache.get("c"), await cache.get("d")]).toEqual(["short", undefined, undefined]);
  await cache.delete("b");
  const file = new DatabaseSync(path);
  expect(file.prepare("SELECT entries, bytes FROM plugboard_cache_size").get()).toEqual({ entries: 0, bytes: 0 });
  file.close();
});

test("clears away what has run out before what has not", async () => {
  let now = 0;
  const { cache } = stores.open({ clock: () => now, cache: { maxEntries: 2 } });
  await cache.set("lasting", "1", 1000);
  await cache.set("brief", "2", 10);
  now = 10;
  await cache.set("new", "3", 1000);
  expect([await cache.get("lasting"), await cache.get("new")]).toEqual(["1", "3"]);
});

test("takes a damaged entry, and a damaged file, for a miss", async () => {
  const path = stores.path();
  const { cache } = stores.open({ path });
  await cache.set("entry", "value", 60_000);
  await cache.set("sound", "value", 60_000);
  const file = new DatabaseSync(path);
  file.prepare("UPDATE plugboard_cache SET value = ? WHERE key = 'entry'").run(new Uint8Array([0xff, 0xfe]));
  expect(await cache.get("entry")).toBeUndefined();
  expect(await cache.get("sound")).toBe("value");
  // The root of the index by key becomes that of another table, which is none by key.
  file.exec("PRAGMA writable_schema = ON");
  file.exec("UPDATE sqlite_schema SET rootpage = 2 WHERE name = 'sqlite_autoindex_plugboard_cache_1'");
  file.exec("PRAGMA writable_schema = RESET");
  file.close();
  expect(await stores.open({ path }).cache.get("sound")).toBeUndefined();
});
