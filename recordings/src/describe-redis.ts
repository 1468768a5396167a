import { afterAll, beforeAll, describe } from "vitest";
import { redisAbsence, startRedis } from "./redis-server.ts";
import type { RedisServer, RedisServerOptions } from "./redis-server.ts";
import { skipCases } from "./skip-cases.ts";

/** Tests against a server of their own, which is there while they run; where there is none, they are reported as skipped. */
export function describeRedis(
  name: string,
  tests: (server: () => RedisServer) => void,
  options: RedisServerOptions = {},
): void {
  const absence = redisAbsence();
  if (absence !== undefined) return skipCases(1, `suite against a Redis (${name})`, absence);
  describe(name, () => {
    let server: RedisServer | undefined;
    beforeAll(async () => void (server = await startRedis(options)));
    afterAll(() => server?.stop());
    tests(() => server!);
  });
}
