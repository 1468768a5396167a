import { createCluster } from "redis";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeRedisCluster } from "@plugboard/recordings";
import { testCacheStore, testLeaseStore, testLedger, testLimitStore } from "@plugboard/testing/test-store";
import { redisCache } from "./redis-cache/redis-cache.ts";
import { redisLeases } from "./redis-leases/redis-leases.ts";
import { redisLedger } from "./redis-ledger/redis-ledger.ts";
import { redisLimits } from "./redis-limits/redis-limits.ts";
import { redisStore } from "./redis-store.ts";
import { connect, linkTo, newPlace } from "./test-client.ts";

describeRedisCluster("a cluster of three servers", (cluster) => {
  let client: ReturnType<typeof createCluster>;
  beforeAll(async () => {
    client = createCluster({ rootNodes: [{ url: cluster().servers[0]!.url }] });
    client.on("error", () => {});
    await client.connect();
  });
  afterAll(() => client.destroy());

  testLedger("the ledger", ({ clock }) => redisLedger(linkTo(client), newPlace({ clock }), { keepDays: 400 }));
  testLimitStore("the limits", () => redisLimits(linkTo(client), newPlace()), { clock: false });
  testLeaseStore("the leases", () => redisLeases(linkTo(client), newPlace()), { clock: false });
  testCacheStore("the cache", () => redisCache(linkTo(client), newPlace()), { clock: false });

  /** The keys on each server that begin so. */
  async function keysOf(prefix: string): Promise<readonly (readonly string[])[]> {
    return Promise.all(
      cluster().servers.map(async ({ url }) => {
        const node = await connect(url);
        const keys = await node.keys(`*${prefix}*`);
        node.destroy();
        return keys;
      }),
    );
  }

  test("puts all keys of a ledger on one server, and those of another ledger on any", async () => {
    const places = new Set<number>();
    for (let name = 0; name < 12; name++) {
      const prefix = `application ${name} `;
      const { ledger } = redisStore({ client, prefix });
      const scopes = ["user=ada", "user=bob", "all"].map((key) => ({ key, limit: 100, window: "day" as const }));
      await ledger.reserve({ id: "a", amount: 1, scopes, lease: 60_000 });
      await ledger.settle("a", 1);
      const keys = await keysOf(prefix);
      expect(keys.filter((keys) => keys.length > 0)).toHaveLength(1);
      places.add(keys.findIndex((keys) => keys.length > 0));
    }
    expect(places.size).toBe(3);
  });

  test("spreads the cache over all servers", async () => {
    const { cache } = redisStore({ client, prefix: "spread", timeouts: { cache: 5000 } });
    for (let entry = 0; entry < 60; entry++) await cache.set(`key ${entry}`, "value", 60_000);
    const counts = (await keysOf("spread")).map(({ length }) => length);
    expect(Math.min(...counts)).toBeGreaterThan(5);
  });
});
