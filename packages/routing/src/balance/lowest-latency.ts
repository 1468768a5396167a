import type { CallOptions } from "@plugboard/core";
import type { Candidate, Policy } from "./policy.ts";

/** What randomness is made of. */
export interface LowestLatencyOptions {
  /** A number from 0 to 1, drawn twice for each call. @default Math.random */
  readonly random?: () => number;
}

/**
 * The better of two that are drawn: by the time until the first content of late, times the calls under way. Two, since everybody who went
 * to the best one would make it the worst. One that has never answered is tried with one call at a time.
 *
 * @example
 * const model = balance([berlin, paris, dublin], { by: lowestLatency() });
 */
export function lowestLatency({ random = Math.random }: LowestLatencyOptions = {}): Policy {
  return () => (candidates, request) => {
    if (candidates.length === 1) return candidates[0]!;
    const one = Math.floor(random() * candidates.length);
    const step = 1 + Math.floor(random() * (candidates.length - 1));
    const [first, second] = [candidates[one]!, candidates[(one + step) % candidates.length]!];
    return loadOf(second, request) < loadOf(first, request) ? second : first;
  };
}

/** What a call more would have to wait, for its weight. */
function loadOf(candidate: Candidate, request: CallOptions): number {
  const { inFlight, weight } = candidate;
  const latency = candidate.latency("stream" in request && request.stream === true);
  if (latency === undefined) return inFlight === 0 ? 0 : Number.MAX_SAFE_INTEGER * inFlight;
  return (latency * (inFlight + 1)) / weight;
}
