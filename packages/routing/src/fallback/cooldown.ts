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
  readonly told: boolean;
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

  return {
    of(name) {
      const state = states.get(name);
      const left = state ? state.until - performance.now() : 0;
      return left > 0 ? { left, told: state!.told, error: state!.error } : undefined;
    },
    failed(name, error, since) {
      if (!isOwnFault(error)) return undefined;
      const state = states.get(name);
      const now = performance.now();
      const told = Math.min(error.retryAfter ?? 0, longestRetryAfter);
      // One outage fails all calls under way; together they are one failure, but the longest retry-after among them holds.
      const isOld = state !== undefined && since < state.began;
      if (isOld && now + told <= state.until) return undefined;
      const failures = isOld ? state.failures : failuresBefore(state, now) + 1;
      const own = Math.min(maxDelay, delay * 2 ** (failures - 1));
      const left = isOld ? told : Math.max(own, told);
      if (left === 0) return undefined;
      states.set(name, { failures, began: isOld ? state.began : now, until: now + left, told: told > 0, error });
      return { left, told: told > 0, error };
    },
    answered(name, since) {
      const state = states.get(name);
      if (state && since >= state.began) states.delete(name);
    },
  };
}
