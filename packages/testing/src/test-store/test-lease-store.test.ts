import { describe, expect, test } from "vitest";
import { ModelError } from "@plugboard/core";
import type { LeaseStore } from "@plugboard/core";
import { checkRule } from "./rule.ts";
import { leaseRules, testLeaseStore } from "./test-lease-store.ts";

/** Every lease ever given, and a look every millisecond for those who wait. */
function plainLeases(clock: () => number): LeaseStore {
  const leases: { key: string; token: number; expires: number }[] = [];
  let latest = -Infinity;
  const now = (): number => (latest = Math.max(latest, clock()));
  const live = (key: string) => leases.find((lease) => lease.key === key && lease.expires > now());
  return {
    async acquire(key, ttl) {
      if (live(key)) return undefined;
      const token = leases.length + 1;
      leases.push({ key, token, expires: now() + ttl });
      return { key, token };
    },
    async renew({ key, token }, ttl) {
      const lease = live(key);
      if (lease?.token !== token) return false;
      lease.expires = now() + ttl;
      return true;
    },
    async release({ key, token }) {
      const lease = live(key);
      if (lease?.token === token) lease.expires = -Infinity;
    },
    async wait(key, timeout, signal) {
      for (let waited = 0; ; waited++) {
        if (signal?.aborted) throw ModelError.calledOff(signal);
        if (!live(key)) return "free";
        if (waited >= timeout) return "timeout";
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    },
  };
}

testLeaseStore("plain leases", ({ clock }) => plainLeases(clock));

/** Broken leases, and the rule that finds each. */
const broken: Record<string, (store: LeaseStore, clock: () => number) => Partial<LeaseStore>> = {
  "gives a key to one holder at a time": (_, clock) => ({ acquire: async (key) => ({ key, token: clock() }) }),
  "gives a key to one of those who race for it": () => {
    const held = new Set<string>();
    return {
      async acquire(key) {
        const isFree = !held.has(key);
        await Promise.resolve();
        held.add(key);
        return isFree ? { key, token: 1 } : undefined;
      },
    };
  },
  "gives each holder a higher token than the one before": (store) => ({
    acquire: async (key, ttl) => ((await store.acquire(key, ttl)) ? { key, token: 1 } : undefined),
    release: async (lease) => {
      for (let token = 1; token < 50; token++) await store.release({ ...lease, token });
    },
  }),
  "renews for the holder alone": () => ({ renew: async () => true }),
  "lets nobody release a lease that is not theirs": (store) => ({
    async release({ key }) {
      for (let token = 1; token < 50; token++) await store.release({ key, token });
    },
  }),
  "tells who waits when the key is free: at once, when it is released, or that it is not in time": () => ({
    wait: async () => "free",
  }),
  "lets those who wait leave when they are called off": (store) => ({ wait: (key) => store.wait(key, 5) }),
  "frees a key whose holder has let the time run out, and not before": (_, clock) =>
    plainLeases(() => Math.min(clock(), Date.UTC(2026, 4, 14, 12))),
  "keeps a lease that is renewed": () => ({ renew: async () => true }),
  "wakes those who wait when the time of the holder runs out": (store) => ({ wait: (key) => store.wait(key, 0) }),
  "has one live holder a key and tokens that grow, whatever comes in which order": (_, clock) => {
    // Goes by the clock as it is, so that a lease which had run out is live again when the clock is set back.
    const leases = new Map<string, { token: number; expires: number }>();
    let tokens = 0;
    const live = (key: string) => {
      const lease = leases.get(key);
      return lease && lease.expires > clock() ? lease : undefined;
    };
    return {
      async acquire(key, ttl) {
        if (live(key)) return undefined;
        leases.set(key, { token: ++tokens, expires: clock() + ttl });
        return { key, token: tokens };
      },
      async renew({ key, token }, ttl) {
        const lease = live(key);
        if (lease?.token !== token) return false;
        lease.expires = clock() + ttl;
        return true;
      },
      async release({ key, token }) {
        if (live(key)?.token === token) leases.delete(key);
      },
    };
  },
};

describe.each(Object.entries(broken))("leases that break: %s", (name, breakIt) => {
  test("are found by that rule, by its name", async () => {
    const rule = leaseRules.find((rule) => rule.name === name)!;
    const create = ({ clock }: { readonly clock: () => number }): LeaseStore => {
      const store = plainLeases(clock);
      return { ...store, ...breakIt(store, clock) };
    };
    await expect(checkRule(rule, create)).rejects.toThrow(`The store breaks the rule "${name}"`);
  });
});
