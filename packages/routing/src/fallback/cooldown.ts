import type { ModelError } from "@plugboard/core";
import { checkNumber } from "../check-number.ts";
import { isOwnFault } from "../own-fault.ts";

/** How long a model that failed is left alone. */
export interface CooldownOptions {
  /** Milliseconds after a failure; doubled for each that follows without a success between. @default 5000 */
  readonly delay?: number;
  /** The most milliseconds that doubling leads to. @default 60000 */
  readonly maxDelay?: number;
}

/** Which models are left alone, by fingerprint. Shared by whoever is given it. */
export interface Cooldown {
  /** Why and until when a model is left alone; `undefined` for one that may be asked. */
  of(name: string): Cooling | undefined;
  /** A call of the model that began at `since` failed: says how it is left alone from now on, if it is the failure that decides so. */
  failed(name: string, error: ModelError, since: number): Cooling | undefined;
  /** A call of the model that began at `since` was answered. */
  answered(name: string, since: number): void;
}

/** A model that is left alone. */
export interface Cooling {
  /** Milliseconds that are left of it. */
  readonly left: number;
  /** The provider asked for it by a retry-after: it is not ours to shorten. */
  readonly told: boolean;
  /** What it failed with. */
  readonly error: ModelError;
}

interface State {
  /** In a row. */
  readonly failures: number;
  readonly began: number;
  readonly until: number;
  /** Until when its provider asked for; no later. */
  readonly toldUntil: number;
  readonly error: ModelError;
}

/** A provider that asks for more than an hour is asked again after one: a header that is wrong must not turn a model off for good. */
const longestRetryAfter = 3_600_000;

/**
 * Leaves a model alone for a while after a failure that speaks of it or of its account (`rate-limit`, `overloaded`, `server`, `network`,
 * `timeout`, `truncated`, `auth`, `quota`, `circuit-open`), for as long as its provider asks for or for 5, 10, 20, … seconds. A success ends it,
 * if it is one of a call that began after the failure. Times are those of the process's own clock, which nobody sets.
 *
 * @example
 * const shared = cooldown({ delay: 10_000 });
 * const fast = fallback([a, b], { cooldown: shared });
 * const good = fallback([c, a], { cooldown: shared }); // what fails in the one is left alone in the other
 */
export function cooldown({ delay = 5000, maxDelay = 60_000 }: CooldownOptions = {}): Cooldown {
  for (const [name, value] of Object.entries({ delay, maxDelay })) checkNumber(name, value, 0);
  const states = new Map<string, State>();

  /** How many failures in a row there were, unless they are long past. */
  function failuresBefore(state: State | undefined, now: number): number {
    return state && now < state.until + maxDelay ? state.failures : 0;
  }

  function coolingAt(now: number, state: State | undefined): Cooling | undefined {
    if (!state || state.until <= now) return undefined;
    return { left: state.until - now, told: state.toldUntil > now, error: state.error };
  }

  return {
    of: (name) => coolingAt(performance.now(), states.get(name)),
    failed(name, error, since) {
      if (!isOwnFault(error)) return undefined;
      const state = states.get(name);
      const now = performance.now();
      const toldUntil = Math.max(state?.toldUntil ?? 0, now + Math.min(error.retryAfter ?? 0, longestRetryAfter));
      // One outage fails all calls under way; together they are one failure, but the longest retry-after among them holds.
      const isOld = state !== undefined && since < state.began;
      if (isOld && toldUntil <= state.until) return undefined;
      const failures = isOld ? state.failures : failuresBefore(state, now) + 1;
      const own = isOld ? state.until : now + Math.min(maxDelay, delay * 2 ** (failures - 1));
      const began = isOld ? state.began : now;
      const next: State = { failures, began, until: Math.max(own, toldUntil), toldUntil, error };
      states.set(name, next);
      return coolingAt(now, next);
    },
    answered(name, since) {
      const state = states.get(name);
      if (state && since >= state.began) states.delete(name);
    },
  };
}
