import { checkShare } from "../check.ts";
import type { ConfidenceOptions, Interval } from "../interval.ts";
import { inferPaired } from "./paired-inference.ts";
import type { PairedScores } from "./paired-inference.ts";

/**
 * By how much the candidate's mean score is above the baseline's on the same items, with its interval.
 *
 * - Scores of 0 and 1: all differences that an exact test by Tango's score does not reject (Stat. Med. 17, 1998), its p-value being summed over
 *   all tables at the likeliest discordance (Lloyd, Biometrics 64, 2008). {@link nonInferiority} uses the same.
 * - Graded scores within bounds, and items in clusters: the interval of {@link meanInterval} around the differences.
 * - Scores without bounds: Student's t of the differences.
 *
 * @throws {RangeError} if the scores are not paired, fewer than 2, or outside the bounds
 * @example
 * pairedDifference({ baseline: [1, 0, 1, 1], candidate: [1, 1, 1, 0] }); // estimate 0
 */
export function pairedDifference(scores: PairedScores, { confidence = 0.95 }: ConfidenceOptions = {}): Interval {
  checkShare("confidence", confidence);
  return inferPaired(scores).interval(confidence);
}
