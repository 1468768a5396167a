import { setTimeout } from "node:timers/promises";
import { ModelError, checkOption } from "@plugboard/core";
import type { LeaseStore } from "@plugboard/core";
import type { Connection, Statement } from "./connection.ts";

/** Milliseconds between two looks of those who wait: the first, and the most. */
const looks = { first: 1, most: 50 };

/** Leases in the file. */
export function sqliteLeases(connection: Connection): LeaseStore {
  const clear = connection.prepare("DELETE FROM plugboard_lease WHERE expires <= ?");
  const find: Statement<{ readonly expires: number }> = connection.prepare(
    "SELECT expires FROM plugboard_lease WHERE key = ?",
  );
  // One for all keys, so that it also grows for a key that was forgotten.
  const draw: Statement<{ readonly token: number }> = connection.prepare(
    "UPDATE plugboard_clock SET token = token + 1 RETURNING token",
  );
  const add = connection.prepare("INSERT INTO plugboard_lease VALUES (?, ?, ?)");
  const renew = connection.prepare(
    "UPDATE plugboard_lease SET expires = ? WHERE key = ? AND token = ? AND expires > ?",
  );
  const drop = connection.prepare("DELETE FROM plugboard_lease WHERE key = ? AND token = ?");

  return {
    async acquire(key, ttl) {
      checkOption("ttl", ttl, { least: 1 });
      return connection.write((now) => {
        clear.run(now);
        if (find.get(key)) return undefined;
        const { token } = draw.get()!;
        add.run(key, token, now + ttl);
        return { key, token };
      });
    },

    async renew({ key, token }, ttl) {
      checkOption("ttl", ttl, { least: 1 });
      return connection.write((now) => renew.run(now + ttl, key, token, now) > 0);
    },

    async release({ key, token }) {
      await connection.write(() => drop.run(key, token));
    },

    async wait(key, timeout, signal) {
      checkOption("timeout", timeout, { least: 0 });
      const ends = performance.now() + timeout;
      for (let look = looks.first; ; look = Math.min(2 * look, looks.most)) {
        if (signal?.aborted) throw ModelError.calledOff(signal);
        const isFree = await connection.read((now) => (find.get(key)?.expires ?? 0) <= now);
        const left = ends - performance.now();
        if (isFree || left <= 0) return isFree ? "free" : "timeout";
        // That it was called off is said above, in our words.
        await setTimeout(Math.min(look, left), undefined, { signal }).catch(() => {});
      }
    },
  };
}
