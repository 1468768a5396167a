import { setTimeout as pause } from "node:timers/promises";
import { ModelError, checkOption } from "@plugboard/core";
import type { LeaseStore } from "@plugboard/core";
import { timeOf } from "../clock.ts";
import type { RedisLink } from "../redis-link.ts";
import type { Script } from "../script.ts";
import { keyOf } from "../store-place.ts";
import type { StorePlace } from "../store-place.ts";
import { acquireLease, lookAtLease, releaseLease, renewLease } from "./lease-scripts.ts";

/** Milliseconds between two looks of one who waits: more each time, up to so many, and never two processes in step. */
const looks = { first: 10, growth: 1.5, longest: 250 };

/** A hash for each lease, forgotten by itself, and a state for all of them. */
export function redisLeases(link: RedisLink, place: StorePlace): LeaseStore {
  const state = keyOf(place, "leases", "state");

  function run(script: Script, key: string, ...words: readonly string[]): Promise<unknown> {
    const keys = [state, keyOf(place, "leases", `lease:${key}`)];
    return link.run(script, place.timeout, keys, [timeOf(place.clock), ...words]);
  }

  return {
    async acquire(key, ttl) {
      checkOption("ttl", ttl, { least: 1 });
      const token = await run(acquireLease, key, String(ttl));
      return typeof token === "string" ? { key, token: Number(token) } : undefined;
    },

    async renew({ key, token }, ttl) {
      checkOption("ttl", ttl, { least: 1 });
      return (await run(renewLease, key, String(ttl), String(token))) === 1;
    },

    async release({ key, token }) {
      await run(releaseLease, key, String(token));
    },

    async wait(key, timeout, signal) {
      checkOption("timeout", timeout, { least: 0 });
      const ends = performance.now() + timeout;
      for (let step = looks.first; ; step = Math.min(step * looks.growth, looks.longest)) {
        if (signal?.aborted) throw ModelError.calledOff(signal);
        const held = Number(await run(lookAtLease, key));
        if (held === 0) return "free";
        const left = ends - performance.now();
        if (left <= 0) return "timeout";
        const delay = Math.min(left, step * (0.5 + Math.random()), Math.max(1, Math.ceil(held)));
        await pause(delay, undefined, signal && { signal }).catch(() => {
          throw ModelError.calledOff(signal!);
        });
      }
    },
  };
}
