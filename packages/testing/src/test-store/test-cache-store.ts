import { expect } from "vitest";
import type { CacheStore } from "@plugboard/core";
import { testRules } from "./rule.ts";
import type { CreateStore, Rule, TestStoreOptions } from "./rule.ts";

/**
 * Registers tests that any `CacheStore` must pass.
 *
 * @example
 * testCacheStore("my cache", ({ clock }) => myCache({ clock }));
 */
export function testCacheStore(name: string, create: CreateStore<CacheStore>, options: TestStoreOptions = {}): void {
  testRules(name, cacheRules, create, options);
}

const minute = 60_000;

/** What `CacheStore` promises, a rule each. */
export const cacheRules: readonly Rule<CacheStore>[] = [
  {
    name: "gives nothing for a key that was never set",
    async check(create) {
      const store = await create();
      expect(await store.get("absent")).toBeUndefined();
    },
  },
  {
    name: "gives back the very text that was set",
    async check(create) {
      const store = await create();
      const texts = [
        "",
        "plain",
        "  spaces around\n",
        'with "quotes"\nand\u0000zero',
        "é 𝄞 漢",
        "\ufeffmarked",
        "x".repeat(100_000),
      ];
      for (const [place, text] of texts.entries()) await store.set(`key ${place}`, text, minute);
      for (const [place, text] of texts.entries()) expect(await store.get(`key ${place}`)).toBe(text);
    },
  },
  {
    name: "keeps keys apart that differ in case, space or by what they begin with",
    async check(create) {
      const store = await create();
      const keys = ["key", "Key", "key ", "key:1", "key:10", "__proto__", "constructor"];
      for (const key of keys) await store.set(key, `of ${key}`, minute);
      for (const key of keys) expect(await store.get(key)).toBe(`of ${key}`);
    },
  },
  {
    name: "replaces the value of a key that is set again",
    async check(create) {
      const store = await create();
      await store.set("key", "first", minute);
      await store.set("key", "second", minute);
      expect(await store.get("key")).toBe("second");
    },
  },
  {
    name: "forgets what is deleted, and lets an absent key be deleted",
    async check(create) {
      const store = await create();
      await store.set("key", "value", minute);
      await store.delete("key");
      await store.delete("absent");
      expect(await store.get("key")).toBeUndefined();
    },
  },
  {
    name: "gives a value until its time is over, and not after",
    needsClock: true,
    async check(create, clock) {
      const store = await create();
      await store.set("key", "value", 1000);
      clock.advance(999);
      expect(await store.get("key")).toBe("value");
      clock.advance(1);
      expect(await store.get("key")).toBeUndefined();
    },
  },
  {
    name: "counts the time anew for a key that is set again",
    needsClock: true,
    async check(create, clock) {
      const store = await create();
      await store.set("key", "first", 1000);
      clock.advance(900);
      await store.set("key", "second", 1000);
      clock.advance(900);
      expect(await store.get("key")).toBe("second");
      clock.advance(100);
      expect(await store.get("key")).toBeUndefined();
    },
  },
  {
    name: "does not prolong a value that is read",
    needsClock: true,
    async check(create, clock) {
      const store = await create();
      await store.set("key", "value", 1000);
      clock.advance(900);
      await store.get("key");
      clock.advance(100);
      expect(await store.get("key")).toBeUndefined();
    },
  },
];
