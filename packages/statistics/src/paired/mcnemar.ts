import { checkCount } from "../check.ts";
import { binomialCdf, binomialPmf } from "../distributions/binomial.ts";

/** Two models that were right or wrong on the same items: only the items on which they differ say which is better. */
export interface McNemarOptions {
  /** Items that only the baseline got right. */
  readonly onlyBaseline: number;
  /** Items that only the candidate got right. */
  readonly onlyCandidate: number;
  /**
   * - `mid-p`: half the probability of what was seen. Keeps the level in all but rare cases, with more power.
   * - `exact`: never more false alarms than the level, and mostly far fewer.
   *
   * @default "mid-p"
   */
  readonly method?: "exact" | "mid-p";
}

/**
 * Whether two models are equally often right, by the same items: the two-sided p-value of McNemar's test.
 *
 * Given that they differ on n items, the number that only one got right is binomial(n, ½) if they are equally good (McNemar 1947). The mid-p
 * version is what Fagerland, Lydersen and Laake recommend (The McNemar test for binary matched-pairs data, BMC Med. Res. Methodol. 13, 2013).
 *
 * @throws {RangeError} if a count is not a whole number of 0 or more
 * @example
 * mcnemar({ onlyBaseline: 1, onlyCandidate: 7 }); // 0.039
 */
export function mcnemar({ onlyBaseline, onlyCandidate, method = "mid-p" }: McNemarOptions): number {
  checkCount("onlyBaseline", onlyBaseline, 0);
  checkCount("onlyCandidate", onlyCandidate, 0);
  const differing = onlyBaseline + onlyCandidate;
  const fewer = Math.min(onlyBaseline, onlyCandidate);
  const exact = Math.min(1, 2 * binomialCdf(fewer, differing, 0.5));
  if (method === "exact") return exact;
  return onlyBaseline === onlyCandidate
    ? 1 - binomialPmf(fewer, differing, 0.5) / 2
    : exact - binomialPmf(fewer, differing, 0.5);
}
