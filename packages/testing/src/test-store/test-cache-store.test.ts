import { describe, expect, test } from "vitest";
import type { CacheStore } from "@plugboard/core";
import { checkRule } from "./rule.ts";
import { cacheRules, testCacheStore } from "./test-cache-store.ts";

function plainCache(
  clock: () => number,
): CacheStore & { readonly entries: Map<string, [value: string, expires: number]> } {
  const entries = new Map<string, [value: string, expires: number]>();
  return {
    entries,
    async get(key) {
      const [value, expires] = entries.get(key) ?? [undefined, 0];
      return expires > clock() ? value : undefined;
    },
    async set(key, value, ttl) {
      entries.set(key, [value, clock() + ttl]);
    },
    async delete(key) {
      entries.delete(key);
    },
  };
}

testCacheStore("a plain cache", ({ clock }) => plainCache(clock));

/** Broken caches, and the rule that finds each. */
const broken: Record<string, (store: ReturnType<typeof plainCache>, clock: () => number) => Partial<CacheStore>> = {
  "gives nothing for a key that was never set": () => ({ get: async () => "" }),
  "gives back the very text that was set": (store) => ({ set: (key, value, ttl) => store.set(key, value.trim(), ttl) }),
  "keeps keys apart that differ in case, space or by what they begin with": (store) => ({
    get: (key) => store.get(key.toLowerCase()),
    set: (key, value, ttl) => store.set(key.toLowerCase(), value, ttl),
  }),
  "forgets what is deleted, and lets an absent key be deleted": () => ({ delete: async () => {} }),
  "gives a value until its time is over, and not after": (store) => ({
    get: async (key) => store.entries.get(key)?.[0],
  }),
  "does not prolong a value that is read": (store) => ({
    async get(key) {
      const value = await store.get(key);
      if (value !== undefined) await store.set(key, value, 1000);
      return value;
    },
  }),
};

describe.each(Object.entries(broken))("a cache that breaks: %s", (name, breakIt) => {
  test("is found by that rule, by its name", async () => {
    const rule = cacheRules.find((rule) => rule.name === name)!;
    const create = ({ clock }: { readonly clock: () => number }): CacheStore => {
      const store = plainCache(clock);
      return { ...store, ...breakIt(store, clock) };
    };
    await expect(checkRule(rule, create)).rejects.toThrow(`The store breaks the rule "${name}"`);
  });
});
