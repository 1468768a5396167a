import { ModelError } from "../error.ts";
import type { LimitTake } from "../limit-store.ts";

/**
 * Refuses takes that cannot be meant, and puts together those of one key and window: such are taken once, for the sum, of the lower limit.
 *
 * @throws {ModelError} `invalid-request`, with the field
 */
export function readTakes(takes: readonly LimitTake[]): readonly LimitTake[] {
  for (const take of takes) check(take);
  if (takes.length < 2) return takes;
  const sums = new Map<string, LimitTake>();
  for (const take of takes) {
    const name = `${take.window}:${take.key}`;
    const other = sums.get(name);
    const limit = Math.min(take.limit, other?.limit ?? Infinity);
    sums.set(name, { ...take, limit, cost: take.cost + (other?.cost ?? 0) });
  }
  return sums.size === takes.length ? takes : [...sums.values()];
}

function check({ cost, limit, window }: LimitTake): void {
  for (const [name, value, least] of [
    ["cost", cost, 0],
    ["limit", limit, 0],
    ["window", window, Number.MIN_VALUE],
  ] as const) {
    if (value >= least && value < Infinity) continue;
    throw new ModelError(`A \`${name}\` must be a number of at least ${least}; it is ${value}.`, {
      code: "invalid-request",
    });
  }
}
