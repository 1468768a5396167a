import { expect, test } from "vitest";
import { testCacheStore } from "@plugboard/testing/test-store";
import { memoryCache } from "./memory-cache.ts";

testCacheStore("the memory cache", ({ clock }) => memoryCache({ clock }));

test("drops what was used longest ago when there are too many entries", async () => {
  const store = memoryCache({ maxEntries: 2 });
  await store.set("a", "1", 1000);
  await store.set("b", "2", 1000);
  await store.get("a");
  await store.set("c", "3", 1000);
  expect([await store.get("a"), await store.get("b"), await store.get("c")]).toEqual(["1", undefined, "3"]);
});

test("keeps no more bytes than it may", async () => {
  const store = memoryCache({ maxBytes: 100 });
  for (const key of ["a", "b", "c"]) await store.set(key, "x".repeat(20), 1000);
  expect([await store.get("a"), await store.get("b"), await store.get("c")]).toEqual([
    undefined,
    "x".repeat(20),
    "x".repeat(20),
  ]);
  await store.set("d", "x".repeat(50), 1000);
  expect(await store.get("d")).toBeUndefined();
});
