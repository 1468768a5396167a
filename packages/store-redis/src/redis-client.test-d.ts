import type { createClient, createClientPool, createCluster, createSentinel } from "redis";
import { expectTypeOf, test } from "vitest";
import type { RedisClient } from "./redis-client.ts";

test("every kind of client that the package `redis` makes will do", () => {
  expectTypeOf<ReturnType<typeof createClient>>().toExtend<RedisClient>();
  expectTypeOf<ReturnType<typeof createClientPool>>().toExtend<RedisClient>();
  expectTypeOf<ReturnType<typeof createSentinel>>().toExtend<RedisClient>();
  expectTypeOf<ReturnType<typeof createCluster>>().toExtend<RedisClient>();
});
