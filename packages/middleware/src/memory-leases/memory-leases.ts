import { ModelError, checkOption } from "@plugboard/core";
import type { Lease, LeaseStore } from "@plugboard/core";

/** What leases in memory go by. */
export interface MemoryLeasesOptions {
  /** Milliseconds. @default a clock that is never set back, nor forward */
  readonly clock?: () => number;
}

interface Held {
  readonly token: number;
  expires: number;
}

/** With fewer leases than this in memory, nobody looks for those that can be forgotten. */
const few = 1000;

/** How long a lease is waited for before looking again, at most: the clock need not be that of the timers. */
const longestLook = 1000;

/**
 * Leases that live in this process and are gone with it: for one process, and for tests.
 *
 * @example
 * const leases = memoryLeases();
 * const lease = await leases.acquire("answer 42", 30_000);
 * if (lease) await leases.release(lease);
 * else await leases.wait("answer 42", 5000);
 */
export function memoryLeases({ clock = () => performance.now() }: MemoryLeasesOptions = {}): LeaseStore {
  const held = new Map<string, Held>();
  const waiting = new Map<string, Set<() => void>>();
  /** One for all keys, so that it also grows for a key that was forgotten. */
  let tokens = 0;
  let latest = -Infinity;
  let sweepAt = few;

  /** Forgets the leases that have run out, each time that there are twice as many. */
  function sweep(): void {
    if (held.size < sweepAt) return;
    for (const [key, { expires }] of held) if (expires <= latest) held.delete(key);
    sweepAt = Math.max(few, 2 * held.size);
  }

  function liveOf(key: string): Held | undefined {
    // The time never goes back: a lease that has run out stays so.
    latest = Math.max(latest, clock());
    const lease = held.get(key);
    if (lease && lease.expires <= latest) {
      held.delete(key);
      return undefined;
    }
    return lease;
  }

  function ours({ key, token }: Lease): Held | undefined {
    const lease = liveOf(key);
    return lease?.token === token ? lease : undefined;
  }

  return {
    async acquire(key, ttl) {
      checkOption("ttl", ttl, { least: 1 });
      if (liveOf(key)) return undefined;
      sweep();
      const token = ++tokens;
      held.set(key, { token, expires: latest + ttl });
      return { key, token };
    },

    async renew(lease, ttl) {
      checkOption("ttl", ttl, { least: 1 });
      const live = ours(lease);
      if (live) live.expires = latest + ttl;
      return live !== undefined;
    },

    async release(lease) {
      if (!ours(lease)) return;
      held.delete(lease.key);
      for (const look of waiting.get(lease.key) ?? []) look();
    },

    wait(key, timeout, signal) {
      return new Promise((resolve, reject) => {
        checkOption("timeout", timeout, { least: 0 });
        if (signal?.aborted) return reject(ModelError.calledOff(signal));
        let timer: NodeJS.Timeout | undefined;
        const ends = performance.now() + timeout;
        const lookers = waiting.get(key) ?? new Set();
        waiting.set(key, lookers.add(look));
        signal?.addEventListener("abort", onAbort, { once: true });
        look();

        /** Whether it is free, or time is up; otherwise another look when the lease should have run out. */
        function look(): void {
          clearTimeout(timer);
          const lease = liveOf(key);
          const left = ends - performance.now();
          if (lease && left > 0) {
            timer = setTimeout(look, Math.ceil(Math.min(left, Math.max(1, lease.expires - latest), longestLook)));
            return;
          }
          leave();
          resolve(lease ? "timeout" : "free");
        }
        function onAbort(): void {
          leave();
          reject(ModelError.calledOff(signal!));
        }
        function leave(): void {
          clearTimeout(timer);
          signal?.removeEventListener("abort", onAbort);
          lookers.delete(look);
          if (lookers.size === 0 && waiting.get(key) === lookers) waiting.delete(key);
        }
      });
    },
  };
}
