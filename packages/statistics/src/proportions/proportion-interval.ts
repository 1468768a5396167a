import { bisect } from "../bisect.ts";
import { checkCount, checkShare } from "../check.ts";
import { betaQuantile } from "../distributions/beta.ts";
import { binomialCdf, binomialPmf } from "../distributions/binomial.ts";
import { normalQuantile } from "../distributions/normal.ts";
import type { ConfidenceOptions, Interval } from "../interval.ts";

/** How an interval around a proportion is made. */
export type ProportionMethod = "wilson" | "mid-p" | "clopper-pearson";

/** How sure the interval of a proportion is, and how it is made. */
export interface ProportionOptions extends ConfidenceOptions {
  /**
   * - `wilson`: inverts the score test (Wilson 1927). On average over proportions it covers what it says, near 0 and 1, too.
   * - `mid-p`: inverts the exact test with half the probability of what was seen (Lancaster 1961). Much like it, shorter near 0 and 1.
   * - `clopper-pearson`: inverts the exact test (Clopper and Pearson 1934). Never covers less than it says, and mostly more.
   *
   * @default "wilson"
   */
  readonly method?: ProportionMethod;
}

/**
 * The interval around a proportion, such as the share of right answers.
 *
 * Wilson: `(p̂ + z²/2n ± z √(p̂(1 − p̂)/n + z²/4n²)) / (1 + z²/n)`. Since outcomes are whole numbers, no interval covers exactly 95 % at every
 * proportion; this one swings around it (Brown, Cai and DasGupta, Interval estimation for a binomial proportion, Stat. Sci. 16, 2001).
 *
 * @throws {RangeError} if the counts are not whole, or more succeeded than were tried
 * @example
 * proportionInterval(81, 263); // { estimate: 0.308, lower: 0.255, upper: 0.366, confidence: 0.95 }
 */
export function proportionInterval(
  successes: number,
  trials: number,
  { confidence = 0.95, method = "wilson" }: ProportionOptions = {},
): Interval {
  checkCount("trials", trials, 1);
  checkCount("successes", successes, 0, trials);
  checkShare("confidence", confidence);
  const tail = (1 - confidence) / 2;
  const upperBound = limits[method];
  return {
    estimate: successes / trials,
    // A success is a failure of the opposite.
    lower: successes === 0 ? 0 : 1 - upperBound(trials - successes, trials, tail),
    upper: successes === trials ? 1 : upperBound(successes, trials, tail),
    confidence,
  };
}

/** Each method's upper bound; what lies above it is left out with probability `tail`. */
const limits: Readonly<Record<ProportionMethod, (successes: number, trials: number, tail: number) => number>> = {
  wilson(successes, trials, tail) {
    const z = normalQuantile(1 - tail);
    const share = successes / trials;
    const spread = Math.sqrt((share * (1 - share)) / trials + (z / (2 * trials)) ** 2);
    return (share + (z * z) / (2 * trials) + z * spread) / (1 + (z * z) / trials);
  },
  "mid-p": (successes, trials, tail) =>
    bisect(
      successes / trials,
      1,
      (chance) => binomialCdf(successes, trials, chance) - binomialPmf(successes, trials, chance) / 2 > tail,
    ),
  "clopper-pearson": (successes, trials, tail) => betaQuantile(1 - tail, successes + 1, trials - successes),
};
