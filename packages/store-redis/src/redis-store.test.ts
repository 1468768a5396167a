import { afterAll, beforeAll } from "vitest";
import { describeRedis } from "@plugboard/recordings";
import { testCacheStore, testLeaseStore, testLedger, testLimitStore } from "@plugboard/testing/test-store";
import { redisCache } from "./redis-cache/redis-cache.ts";
import { redisLeases } from "./redis-leases/redis-leases.ts";
import { redisLedger } from "./redis-ledger/redis-ledger.ts";
import { redisLimits } from "./redis-limits/redis-limits.ts";
import { connect, linkTo } from "./test-client.ts";

let places = 0;
/** A place of its own for each store that a rule asks for. */
const place = (): { prefix: string; timeout: number } => ({ prefix: `test ${++places}`, timeout: 5000 });

describeRedis("one server", (server) => {
  let client: Awaited<ReturnType<typeof connect>>;
  beforeAll(async () => void (client = await connect(server().url)));
  afterAll(() => client.destroy());

  testLedger("the ledger", ({ clock }) => redisLedger(linkTo(client), { ...place(), clock }));
  testLimitStore("the limits", ({ clock }) => redisLimits(linkTo(client), { ...place(), clock }));
  testLeaseStore("the leases", ({ clock }) => redisLeases(linkTo(client), { ...place(), clock }));
  testCacheStore("the cache", () => redisCache(linkTo(client), place()), { clock: false });
});
