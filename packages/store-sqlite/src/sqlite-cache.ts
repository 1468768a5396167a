import { checkOption } from "@plugboard/core";
import type { CacheStore } from "@plugboard/core";
import type { Connection, Statement } from "./connection.ts";
import { isCorrupt } from "./store-error.ts";

/** How much the cache keeps. */
export interface SqliteCacheOptions {
  /** The most entries to keep. @default 100000 */
  readonly maxEntries?: number;
  /** The most bytes of keys and values to keep, in UTF-8. @default 1073741824, 1 GiB */
  readonly maxBytes?: number;
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** So many that have run out are cleared away at once. */
const handful = 100;

/** A cache in the file. When it is full, what was set longest ago makes room, since a read must not wait for those who write. */
export function sqliteCache(
  connection: Connection,
  { maxEntries = 100_000, maxBytes = 2 ** 30 }: SqliteCacheOptions = {},
): CacheStore {
  checkOption("maxEntries", maxEntries, { least: 1, whole: true });
  checkOption("maxBytes", maxBytes, { least: 0 });
  const find: Statement<{ readonly value: Uint8Array }> = connection.prepare(
    "SELECT value FROM plugboard_cache WHERE key = ? AND expires > ?",
  );
  const add = connection.prepare("INSERT INTO plugboard_cache (key, value, bytes, expires) VALUES (?, ?, ?, ?)");
  const drop: Statement<{ readonly bytes: number }> = connection.prepare(
    "DELETE FROM plugboard_cache WHERE key = ? RETURNING bytes",
  );
  const dropExpired: Statement<{ readonly bytes: number }> = connection.prepare(
    `DELETE FROM plugboard_cache WHERE id IN
       (SELECT id FROM plugboard_cache WHERE expires <= ? ORDER BY expires LIMIT ${handful}) RETURNING bytes`,
  );
  const dropOldest: Statement<{ readonly bytes: number }> = connection.prepare(
    "DELETE FROM plugboard_cache WHERE id = (SELECT min(id) FROM plugboard_cache) RETURNING bytes",
  );
  const resize: Statement<{ readonly entries: number; readonly bytes: number }> = connection.prepare(
    "UPDATE plugboard_cache_size SET entries = entries + ?, bytes = bytes + ? RETURNING entries, bytes",
  );

  function forget(dropped: readonly { readonly bytes: number }[]): void {
    if (dropped.length > 0) resize.get(-dropped.length, -dropped.reduce((sum, { bytes }) => sum + bytes, 0));
  }

  return {
    async get(key) {
      try {
        const entry = await connection.read((now) => find.get(key, now));
        return entry && decoder.decode(entry.value);
      } catch (error) {
        // What is damaged is not there.
        if (error instanceof TypeError || (error instanceof Error && isCorrupt(error.cause))) return undefined;
        throw error;
      }
    },

    async set(key, value, ttl) {
      checkOption("ttl", ttl, { least: 0 });
      const text = Buffer.from(value);
      const bytes = Buffer.byteLength(key) + text.length;
      await connection.write((now) => {
        forget(drop.all(key));
        forget(dropExpired.all(now));
        if (bytes > maxBytes) return;
        add.run(key, text, bytes, now + ttl);
        let size = resize.get(1, bytes)!;
        while (size.entries > maxEntries || size.bytes > maxBytes) size = resize.get(-1, -dropOldest.get()!.bytes)!;
      });
    },

    async delete(key) {
      await connection.write(() => forget(drop.all(key)));
    },
  };
}
