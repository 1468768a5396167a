import { expect } from "vitest";
import type { Lease, LeaseStore } from "@plugboard/core";
import { seededRandom } from "../seeded-random.ts";
import { testRules } from "./rule.ts";
import type { Clock, CreateStore, Rule, TestStoreOptions } from "./rule.ts";

/**
 * Registers tests that any `LeaseStore` must pass.
 *
 * @example
 * testLeaseStore("my leases", ({ clock }) => myLeases({ clock }));
 */
export function testLeaseStore(name: string, create: CreateStore<LeaseStore>, options: TestStoreOptions = {}): void {
  testRules(name, leaseRules, create, options);
}

const second = 1000;
const hour = 3_600_000;

async function acquired(store: LeaseStore, key: string, ttl = second): Promise<Lease> {
  const lease = await store.acquire(key, ttl);
  expect(lease).toMatchObject({ key, token: expect.any(Number) });
  return lease!;
}

/** What `LeaseStore` promises, a rule each. */
export const leaseRules: readonly Rule<LeaseStore>[] = [
  {
    name: "gives a key to one holder at a time",
    async check(create) {
      const store = await create();
      const lease = await acquired(store, "key");
      expect(await store.acquire("key", second)).toBeUndefined();
      await store.release(lease);
      await acquired(store, "key");
    },
  },
  {
    name: "gives a key to one of those who race for it",
    async check(create) {
      const store = await create();
      const leases = await Promise.all(Array.from({ length: 50 }, () => store.acquire("key", second)));
      expect(leases.filter(Boolean)).toHaveLength(1);
    },
  },
  {
    name: "keeps keys apart",
    async check(create) {
      const store = await create();
      for (const key of ["key", "Key", "key ", "__proto__"]) await acquired(store, key);
    },
  },
  {
    name: "gives each holder a higher token than the one before",
    async check(create) {
      const store = await create();
      let last = -Infinity;
      for (let holder = 0; holder < 20; holder++) {
        const lease = await acquired(store, "key");
        expect(lease.token).toBeGreaterThan(last);
        last = lease.token;
        await store.release(lease);
      }
    },
  },
  {
    name: "renews for the holder alone",
    async check(create) {
      const store = await create();
      const old = await acquired(store, "key");
      await store.release(old);
      expect(await store.renew(old, second)).toBe(false);
      const lease = await acquired(store, "key");
      expect(await store.renew(old, second)).toBe(false);
      expect(await store.renew({ ...lease, token: lease.token + 1 }, second)).toBe(false);
      expect(await store.renew(lease, second)).toBe(true);
    },
  },
  {
    name: "lets nobody release a lease that is not theirs",
    async check(create) {
      const store = await create();
      const old = await acquired(store, "key");
      await store.release(old);
      const lease = await acquired(store, "key");
      await store.release(old);
      await store.release({ key: "absent", token: 1 });
      expect(await store.acquire("key", second)).toBeUndefined();
      expect(await store.renew(lease, second)).toBe(true);
    },
  },
  {
    name: "tells who waits when the key is free: at once, when it is released, or that it is not in time",
    async check(create) {
      const store = await create();
      expect(await store.wait("key", 10_000)).toBe("free");
      const lease = await acquired(store, "key", 60_000);
      expect(await store.wait("key", 5)).toBe("timeout");
      expect(await store.wait("key", 0)).toBe("timeout");
      const waits = [store.wait("key", 10_000), store.wait("key", 10_000)];
      await store.release(lease);
      expect(await Promise.all(waits)).toEqual(["free", "free"]);
    },
  },
  {
    name: "lets those who wait leave when they are called off",
    async check(create) {
      const store = await create();
      await acquired(store, "key", 60_000);
      const stop = new AbortController();
      const wait = store.wait("key", 10_000, stop.signal);
      stop.abort();
      await expect(wait).rejects.toMatchObject({ code: "aborted" });
      await expect(store.wait("key", 10_000, stop.signal)).rejects.toMatchObject({ code: "aborted" });
    },
  },
  {
    name: "frees a key whose holder has let the time run out, and not before",
    needsClock: true,
    async check(create, clock) {
      const store = await create();
      const lease = await acquired(store, "key");
      clock.advance(second - 1);
      expect(await store.acquire("key", second)).toBeUndefined();
      clock.advance(1);
      expect(await store.wait("key", 0)).toBe("free");
      expect(await store.renew(lease, second)).toBe(false);
      const next = await acquired(store, "key");
      expect(next.token).toBeGreaterThan(lease.token);
      expect(await store.renew(lease, second)).toBe(false);
      await store.release(lease);
      expect(await store.renew(next, second)).toBe(true);
    },
  },
  {
    name: "keeps a lease that is renewed",
    needsClock: true,
    async check(create, clock) {
      const store = await create();
      const lease = await acquired(store, "key");
      for (let renewal = 0; renewal < 5; renewal++) {
        clock.advance(second - 1);
        expect(await store.renew(lease, second)).toBe(true);
      }
      clock.advance(second - 1);
      expect(await store.acquire("key", second)).toBeUndefined();
    },
  },
  {
    name: "wakes those who wait when the time of the holder runs out",
    needsClock: true,
    async check(create, clock) {
      const store = await create();
      await acquired(store, "key", 5);
      const wait = store.wait("key", 10_000);
      clock.advance(5);
      expect(await wait).toBe("free");
    },
  },
  {
    name: "has one live holder a key and tokens that grow, whatever comes in which order",
    needsClock: true,
    async check(create, clock) {
      for (let seed = 1; seed <= 20; seed++) {
        const start = clock.now();
        await watchHolders(await create(), clock, seed);
        clock.set(start + 10 * hour);
      }
    },
  },
];

/** Random acquisitions, renewals, releases and steps of the clock, beside what a list of leases says. */
async function watchHolders(store: LeaseStore, clock: Clock, seed: number): Promise<void> {
  const random = seededRandom(seed);
  const pick = <Value>(values: readonly Value[]): Value => values[Math.floor(random() * values.length)]!;
  const keys = [`a ${seed}`, `b ${seed}`];
  const leases: (Lease & { expires: number })[] = [];
  const tokens = new Map<string, number>();
  // A clock that is set back stands still: nothing that has run out comes to life again, and nothing is held for longer.
  let now = clock.now();
  /** Moves the clock, and asks at once: a store knows of a time that it was asked at. */
  async function move(by: number): Promise<void> {
    clock.advance(by);
    now = Math.max(now, clock.now());
    await store.acquire("another key", 1);
  }

  await move(0);
  for (let step = 0; step < 200; step++) {
    const key = pick(keys);
    const live = leases.find((lease) => lease.key === key && lease.expires > now);
    const ttl = 1 + Math.floor(random() * second);
    const what = random();
    if (what < 0.3) {
      const lease = await store.acquire(key, ttl);
      expect(lease === undefined, `step ${step} of seed ${seed}`).toBe(live !== undefined);
      if (!lease) continue;
      expect(lease.token, `step ${step} of seed ${seed}`).toBeGreaterThan(tokens.get(key) ?? -Infinity);
      tokens.set(key, lease.token);
      leases.push({ ...lease, expires: now + ttl });
    } else if (what < 0.7 && leases.length > 0) {
      const lease = pick(leases);
      const isLive = lease.expires > now;
      if (what < 0.6) {
        expect(await store.renew({ key: lease.key, token: lease.token }, ttl), `step ${step} of seed ${seed}`).toBe(
          isLive,
        );
        if (isLive) lease.expires = now + ttl;
      } else {
        await store.release({ key: lease.key, token: lease.token });
        if (isLive) lease.expires = now;
      }
    } else if (what < 0.95) await move(Math.floor(random() * second));
    else await move(random() < 0.5 ? hour : -hour);
  }
}
