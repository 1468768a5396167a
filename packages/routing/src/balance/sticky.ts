import type { CallOptions } from "@plugboard/core";
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
    const score = candidate.weight / -Math.log((hash(`${candidate.name}\0${key}`) + 0.5) / 2 ** 32);
    if (score > most) [best, most] = [candidate, score];
  }
  return best;
}

/** FNV-1a, and the last step of MurmurHash3, without which texts that are nearly the same get hashes that are. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let place = 0; place < text.length; place++) {
    value = Math.imul(value ^ text.charCodeAt(place), 0x01000193);
  }
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
