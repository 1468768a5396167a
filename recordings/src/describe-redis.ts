import { afterAll, beforeAll, describe } from "vitest";
import { startRedisCluster } from "./redis-cluster.ts";
import type { RedisCluster } from "./redis-cluster.ts";
import { redisAbsence, startRedis } from "./redis-server.ts";
import type { RedisServer, RedisServerOptions } from "./redis-server.ts";
import { skipCases } from "./skip-cases.ts";

/** Tests against a server of their own, which is there while they run; where there can be none, they are reported as skipped. */
export function describeRedis(
  name: string,
  tests: (server: () => RedisServer) => void,
  options: RedisServerOptions = {},
): void {
  describeStarted(name, () => startRedis(options), tests);
}

/** The same against a cluster. */
export function describeRedisCluster(name: string, tests: (cluster: () => RedisCluster) => void): void {
  describeStarted(name, startRedisCluster, tests);
}

function describeStarted<Started extends { stop(): Promise<void> }>(
  name: string,
  start: () => Promise<Started>,
  tests: (started: () => Started) => void,
): void {
  const absence = redisAbsence();
  if (absence !== undefined) return skipCases(1, `suite against a Redis (${name})`, absence);
  describe(name, () => {
    let started: Started | undefined;
    beforeAll(async () => void (started = await start()), 30_000);
    afterAll(() => started?.stop());
    tests(() => started!);
  });
}
