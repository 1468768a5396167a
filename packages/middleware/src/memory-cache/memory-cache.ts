import { checkOption } from "@plugboard/core";
import type { CacheStore } from "@plugboard/core";

/** How much a cache in memory keeps. */
export interface MemoryCacheOptions {
  /** The most entries to keep. @default 10000 */
  readonly maxEntries?: number;
  /** The most bytes of keys and values to keep, at two a character. @default 67108864, 64 MiB */
  readonly maxBytes?: number;
  /** Milliseconds since the epoch. @default Date.now */
  readonly clock?: () => number;
}

interface Entry {
  readonly value: string;
  readonly bytes: number;
  readonly expires: number;
}

/**
 * A cache that lives in this process. When it is full, the entry that was used longest ago makes room.
 *
 * @example
 * const model = openai("gpt-4o").with(cache({ store: memoryCache({ maxBytes: 1_000_000 }) }));
 */
export function memoryCache({
  maxEntries = 10_000,
  maxBytes = 2 ** 26,
  clock = Date.now,
}: MemoryCacheOptions = {}): CacheStore {
  checkOption("maxEntries", maxEntries, { least: 1, whole: true });
  checkOption("maxBytes", maxBytes, { least: 0 });
  /** Used longest ago first: a map keeps the order in which its keys were set. */
  const entries = new Map<string, Entry>();
  let bytes = 0;

  function drop(key: string): Entry | undefined {
    const entry = entries.get(key);
    if (!entry) return undefined;
    entries.delete(key);
    bytes -= entry.bytes;
    return entry;
  }

  function keep(key: string, entry: Entry): void {
    entries.set(key, entry);
    bytes += entry.bytes;
  }

  return {
    async get(key) {
      const entry = drop(key);
      if (!entry || entry.expires <= clock()) return undefined;
      keep(key, entry);
      return entry.value;
    },

    async set(key, value, ttl) {
      checkOption("ttl", ttl, { least: 0 });
      drop(key);
      keep(key, { value, bytes: 2 * (key.length + value.length), expires: clock() + ttl });
      for (const oldest of entries.keys()) {
        if (bytes <= maxBytes && entries.size <= maxEntries) break;
        drop(oldest);
      }
    },

    async delete(key) {
      drop(key);
    },
  };
}
