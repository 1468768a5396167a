import { createClient } from "redis";
import type { RedisClient } from "./redis-client.ts";
import { redisLink } from "./redis-link.ts";
import type { RedisLink } from "./redis-link.ts";

/** A connected client for a test. */
export async function connect(url: string): Promise<RedisClient & { close(): Promise<unknown>; destroy(): void }> {
  const client = createClient({ url });
  client.on("error", () => {});
  return client.connect();
}

/** A link over a client that is always there. */
export function linkTo(client: RedisClient): RedisLink {
  return redisLink({ isReady: true, client: () => client });
}
