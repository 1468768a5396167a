import { checkOption } from "@plugboard/core";
import { ModelError } from "@plugboard/core";
import type { CacheStore } from "@plugboard/core";
import type { RedisLink } from "../redis-link.ts";
import type { StorePlace } from "../store-place.ts";

/** Redis counts time in 63 bits of milliseconds since the epoch. */
const longest = 2 ** 52;

/** A key for each entry, wherever a cluster puts it; Redis forgets it when its time is over, or when it needs the memory. */
export function redisCache(link: RedisLink, { prefix, timeout }: StorePlace): CacheStore {
  const name = (key: string): string => `${prefix}:cache:${key}`;

  /** Who asks a cache does not wait for a connection to come back. */
  const ask: RedisLink["ask"] = async (what, timeout, command) => {
    if (!link.isReady) throw new ModelError(`Redis is not connected for ${what}.`, { code: "network" });
    return link.ask(what, timeout, command);
  };

  return {
    async get(key) {
      const value = await ask("cache.get", timeout, (commands) => commands.get(name(key)));
      return typeof value === "string" ? value : undefined;
    },
    async set(key, value, ttl) {
      checkOption("ttl", ttl, { least: 0 });
      const rest = Math.min(Math.floor(ttl), longest);
      if (rest === 0) await ask("cache.set", timeout, (commands) => commands.del(name(key)));
      else {
        const options = { expiration: { type: "PX", value: rest } } as const;
        await ask("cache.set", timeout, (commands) => commands.set(name(key), value, options));
      }
    },
    async delete(key) {
      await ask("cache.delete", timeout, (commands) => commands.del(name(key)));
    },
  };
}
