import { createClient } from "redis";
import type { RedisClient } from "./redis-client.ts";
import { redisLink } from "./redis-link.ts";
import type { RedisLink } from "./redis-link.ts";
import type { StorePlace } from "./store-place.ts";

/** A client of one server, for a test. */
export type TestClient = ReturnType<typeof createClient>;

/** A connected client. */
export async function connect(url: string): Promise<TestClient> {
  const client: TestClient = createClient({ url });
  client.on("error", () => {});
  await client.connect();
  return client;
}

/** A link over one client after the other: what several processes do, seen from one. */
export function linkTo(...clients: readonly RedisClient[]): RedisLink {
  let turn = 0;
  return redisLink({ isReady: true, client: () => clients[turn++ % clients.length]! });
}

let places = 0;

/** A place where nothing is yet. */
export function newPlace(more: Partial<StorePlace> = {}): StorePlace {
  return { prefix: `test ${++places}`, timeout: 5000, ...more };
}
