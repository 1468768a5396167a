import type { CallOptions } from "@plugboard/core";
import { hashedShare } from "@plugboard/statistics";
import type { Candidate, Policy } from "./policy.ts";
import { weighted } from "./weighted.ts";

/** Where calls without a key go. */
export interface StickyOptions {
  /** @default weighted() */
  readonly otherwise?: Policy;
}

/**
 * Calls of one key to one model, in every process alike: a conversation finds the prompt cache that it filled. When a model is left out or
 * added, only the keys that go from or to it move.
 *
 * @example
 * const model = balance([berlin, paris], { by: sticky(({ tags }) => tags?.["conversation"]) });
 */
export function sticky(
  key: (request: CallOptions) => string | undefined,
  { otherwise = weighted() }: StickyOptions = {},
): Policy {
  return () => {
    const chooseOtherwise = otherwise();
    return (candidates, request) => {
      const value = key(request);
      return value === undefined ? chooseOtherwise(candidates, request) : highest(candidates, value);
    };
  };
}

/** Rendezvous hashing: each has a score of its own for a key, which the others do not change. */
function highest(candidates: readonly Candidate[], key: string): Candidate {
  let best = candidates[0]!;
  let most = -Infinity;
  for (const candidate of candidates) {
    const score = candidate.weight / -Math.log(hashedShare(`${candidate.name}\0${key}`) + 2 ** -33);
    if (score > most) [best, most] = [candidate, score];
  }
  return best;
}
