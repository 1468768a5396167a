import type { LimitStore, LimitTake } from "@plugboard/core";
import { readTakes } from "@plugboard/core/store";
import { timeOf } from "../clock.ts";
import type { RedisLink } from "../redis-link.ts";
import { keyOf } from "../store-place.ts";
import type { StorePlace } from "../store-place.ts";
import { refundLimits, takeLimits } from "./limit-scripts.ts";

/** Logs of what was taken within each window, all in one slot, since a take is of all limits or of none. */
export function redisLimits(link: RedisLink, place: StorePlace): LimitStore {
  function keysOf(takes: readonly LimitTake[]): readonly string[] {
    const names = takes.flatMap(({ key, window }) => [`log:${window}:${key}`, `amounts:${window}:${key}`]);
    return ["state", ...names].map((name) => keyOf(place, "limits", name));
  }

  return {
    async take(takes) {
      const all = readTakes(takes);
      const words = all.flatMap(({ limit, window, cost }) => [limit, window, cost].map(String));
      const answer = await link.run(takeLimits, place.timeout, keysOf(all), [timeOf(place.clock), ...words]);
      const [granted, told, rest] = answer as readonly [0 | 1, string | number, string?];
      if (granted) return { granted: true, at: Number(told) };
      const { key, limit, window } = all[Number(told)]!;
      return { granted: false, limit: { key, limit, window }, retryAfter: rest === "never" ? Infinity : Number(rest) };
    },

    async refund(takes, at) {
      const all = readTakes(takes);
      const words = [timeOf(place.clock), String(at), ...all.map(({ cost }) => String(cost))];
      await link.run(refundLimits, place.timeout, keysOf(all), words);
    },
  };
}
