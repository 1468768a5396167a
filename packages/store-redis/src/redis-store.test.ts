import { afterAll, beforeAll } from "vitest";
import { describeRedis } from "@plugboard/recordings";
import { testCacheStore, testLeaseStore, testLedger, testLimitStore } from "@plugboard/testing/test-store";
import { redisCache } from "./redis-cache/redis-cache.ts";
import { redisLeases } from "./redis-leases/redis-leases.ts";
import { redisLedger } from "./redis-ledger/redis-ledger.ts";
import { redisLimits } from "./redis-limits/redis-limits.ts";
import { redisStore } from "./redis-store.ts";
import { connect, linkTo, newPlace } from "./test-client.ts";
import type { TestClient } from "./test-client.ts";

describeRedis("two clients of one server, at a time that the test sets", (server) => {
  let clients: readonly TestClient[];
  beforeAll(async () => {
    clients = await Promise.all([connect(server().url), connect(server().url)]);
  });
  afterAll(() => {
    for (const client of clients) client.destroy();
  });

  testLedger("the ledger", ({ clock }) => redisLedger(linkTo(...clients), newPlace({ clock }), { keepDays: 400 }));
  testLimitStore("the limits", ({ clock }) => redisLimits(linkTo(...clients), newPlace({ clock })));
  testLeaseStore("the leases", ({ clock }) => redisLeases(linkTo(...clients), newPlace({ clock })));
  testCacheStore("the cache", () => redisCache(linkTo(...clients), newPlace()), { clock: false });
});

describeRedis("a store as one makes it, by the clock of the server", (server) => {
  let client: TestClient;
  beforeAll(async () => void (client = await connect(server().url)));
  afterAll(() => client.destroy());
  const make = () => redisStore({ client, prefix: newPlace().prefix, timeouts: { cache: 5000, limits: 5000 } });

  testLedger("the ledger", () => make().ledger, { clock: false });
  testLimitStore("the limits", () => make().limits, { clock: false });
  testLeaseStore("the leases", () => make().leases, { clock: false });
  testCacheStore("the cache", () => make().cache, { clock: false });
});
