import { ModelError, checkOption } from "@plugboard/core";
import type { CacheStore, LeaseStore, Ledger, LimitStore } from "@plugboard/core";
import { ownClient } from "./own-client.ts";
import { redisCache } from "./redis-cache/redis-cache.ts";
import type { RedisClient } from "./redis-client.ts";
import { redisLeases } from "./redis-leases/redis-leases.ts";
import { redisLedger } from "./redis-ledger/redis-ledger.ts";
import { redisLimits } from "./redis-limits/redis-limits.ts";
import { redisLink } from "./redis-link.ts";
import type { ClientSource } from "./redis-link.ts";
import type { StorePlace } from "./store-place.ts";

/** How long Redis may take for a verb of each store, in milliseconds; after that the verb fails with `timeout`. */
export interface RedisTimeouts {
  /** @default 50: a cache that is slower than that is passed over */
  readonly cache?: number;
  /** @default 1000 */
  readonly ledger?: number;
  /** @default 250 */
  readonly limits?: number;
  /** @default 1000 */
  readonly leases?: number;
}

/** Which Redis, and what of it. */
export interface RedisStoreOptions {
  /**
   * A connected client of the package `redis`: `createClient`, `createCluster`, `createSentinel` or `createClientPool`. It stays yours:
   * `close` leaves it open. Or a URL such as `redis://127.0.0.1:6379`, to which the store connects by itself at its first use.
   */
  readonly client: RedisClient | string;
  /** What all keys begin with, so that several applications share a server; without braces. @default "plugboard" */
  readonly prefix?: string;
  /** How long Redis may take for a verb. */
  readonly timeouts?: RedisTimeouts;
  /** For how many days the report of the ledger reaches back. @default 400 */
  readonly keepDays?: number;
}

/** The four stores, in one Redis. */
export interface RedisStore extends AsyncDisposable {
  /** For `budget`. */
  readonly ledger: Ledger;
  /** For `cache`. */
  readonly cache: CacheStore;
  /** For `rateLimit`. */
  readonly limits: LimitStore;
  /** For what one process at a time may do. */
  readonly leases: LeaseStore;
  /** Closes the connection, if the store made it. */
  close(): Promise<void>;
}

/**
 * Budgets, a cache, limits and leases that processes on many machines share.
 *
 * Each verb is one script (of the cache: one command), so it happens whole or not at all, by the server's clock. On a cluster the ledger,
 * the limits and the leases are in one slot each, whose name has the prefix in it, and the cache is spread over all. A verb without an
 * answer in time fails with `timeout`, and when Redis cannot be reached with `network`.
 *
 * @throws {ModelError} `invalid-request` for options that cannot be meant
 * @example
 * const client = await createClient({ url: "redis://127.0.0.1:6379" }).on("error", console.error).connect();
 * const store = redisStore({ client });
 * const model = openai("gpt-4o").with(budget({ limit: { usd: 5, window: "day" }, price, ledger: store.ledger }));
 */
export function redisStore(options: RedisStoreOptions): RedisStore {
  const { client, prefix = "plugboard", timeouts = {}, keepDays = 400 } = options;
  checkPrefix(prefix);
  checkOption("keepDays", keepDays, { least: 1, most: 36_500, whole: true });
  const own = typeof client === "string" ? ownClient(client) : undefined;
  const link = redisLink(own ?? sourceOf(client as RedisClient));
  const place = (name: keyof RedisTimeouts, fallback: number): StorePlace => {
    const timeout = timeouts[name] ?? fallback;
    checkOption(`timeouts.${name}`, timeout, { least: 1, most: 2 ** 31 - 1 });
    return { prefix, timeout };
  };
  const close = async (): Promise<void> => own?.close();

  return {
    ledger: redisLedger(link, place("ledger", 1000), { keepDays }),
    cache: redisCache(link, place("cache", 50)),
    limits: redisLimits(link, place("limits", 250)),
    leases: redisLeases(link, place("leases", 1000)),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function sourceOf(client: RedisClient): ClientSource {
  return {
    get isReady() {
      return client.isReady ?? true;
    },
    client: () => client,
  };
}

/** Braces say which part of a key decides its slot. */
function checkPrefix(prefix: string): void {
  if (prefix !== "" && !/[{}]/.test(prefix)) return;
  const message = `\`prefix\` must be a text without braces; it is ${JSON.stringify(prefix)}.`;
  throw new ModelError(message, { code: "invalid-request" });
}
