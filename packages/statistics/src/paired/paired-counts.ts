import { checkPaired } from "../check.ts";

/** How often two models were right on the same items. */
export interface PairedCounts {
  readonly both: number;
  readonly onlyBaseline: number;
  readonly onlyCandidate: number;
  readonly neither: number;
}

/**
 * Counts the items that both, one or none of two models got right.
 *
 * @returns undefined if a score is neither 0 nor 1
 * @throws {RangeError} if the scores are not paired
 * @example
 * pairedCounts([1, 1, 0], [1, 0, 0]); // { both: 1, onlyBaseline: 1, onlyCandidate: 0, neither: 1 }
 */
export function pairedCounts(baseline: readonly number[], candidate: readonly number[]): PairedCounts | undefined {
  checkPaired("baseline", baseline, "candidate", candidate);
  const counts = [0, 0, 0, 0];
  for (const [place, before] of baseline.entries()) {
    const after = candidate[place]!;
    if ((before !== 0 && before !== 1) || (after !== 0 && after !== 1)) return undefined;
    counts[2 * before + after]! += 1;
  }
  const [neither, onlyCandidate, onlyBaseline, both] = counts as [number, number, number, number];
  return { both, onlyBaseline, onlyCandidate, neither };
}
