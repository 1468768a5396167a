import { startRedis } from "@plugboard/recordings/redis-server";
import { redisStore } from "@plugboard/store-redis";
import type { RaceStore } from "../race-store.ts";

/** A server that all processes ask. */
export async function prepare(): Promise<{ readonly place: string; end(): Promise<void> }> {
  const server = await startRedis();
  return { place: server.url, end: () => server.stop() };
}

export async function open(url: string): Promise<RaceStore> {
  // On a machine that does other things as well, two hundred callers at once may wait.
  const store = redisStore({ client: url, timeouts: { ledger: 10_000 } });
  // It connects when it is first asked, which is not to be while others run already.
  await store.ledger.spend("all", "total");
  return { ledger: store.ledger, close: () => store.close() };
}
