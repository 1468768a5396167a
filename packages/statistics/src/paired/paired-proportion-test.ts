import { binomialCdf, binomialPmf } from "../distributions/binomial.ts";
import { normalCdf } from "../distributions/normal.ts";

/** Right answers of two models on the same items, where they differ. */
export interface Discordance {
  readonly items: number;
  readonly onlyBaseline: number;
  readonly onlyCandidate: number;
}

/** Beyond this many items, the normal distribution is as good as the sum over all tables. */
const enumerated = 10_000;

/** Discordances that are tried around the likeliest, in standard errors of it. */
const nearby = [0, -1, -0.75, -0.5, -0.25, 0.25, 0.5, 0.75, 1] as const;

/**
 * The one-sided p-value against "the candidate's rate is at most `difference` above the baseline's", of paired right and wrong answers.
 *
 * The statistic is Tango's score (Equivalence test and confidence interval for the difference in proportions for the paired-sample design,
 * Stat. Med. 17, 1998). Its p-value is not taken from the normal distribution, which passes too often when the models seldom differ, but is
 * the exact probability, over all tables, of a statistic as large. That depends on how often models differ, which the hypothesis does not say:
 * it is the largest within one standard error of the likeliest (between the estimated and the maximised p-values of Lloyd, A new exact and
 * more powerful unconditional test of no treatment effect from binary matched pairs, Biometrics 64, 2008). So the level is kept, and hardly any
 * power lost: `scripts/verdict.ts` measures both. Accurate to about 1e-10.
 *
 * @param enough stops looking for a larger one once it is above this
 */
export function pairedProportionPValue(table: Discordance, difference: number, enough = 1): number {
  const { items, onlyBaseline, onlyCandidate } = table;
  const observed = tangoScore(items, onlyBaseline, onlyCandidate, difference);
  if (observed === Infinity) return 0;
  if (observed === -Infinity) return 1;
  if (items > enumerated) return normalCdf(-observed);

  const region = new ScoreRegion(items, difference, observed - 1e-9);
  const likeliest = constrainedRate(items, onlyBaseline, onlyCandidate, difference);
  const standardError = Math.sqrt((likeliest * (1 - likeliest)) / items);
  let largest = 0;
  for (const step of nearby) {
    const candidateRate = likeliest + step * standardError;
    const baselineRate = candidateRate - difference;
    if (candidateRate < 0 || baselineRate < 0 || candidateRate + baselineRate > 1) continue;
    largest = Math.max(largest, region.probability(baselineRate, candidateRate));
    if (largest > enough) break;
  }
  return Math.min(1, largest);
}

/** (c − b − nθ) / √(n (p_b + p_c − θ²)), the rates being the likeliest that differ by θ. */
export function tangoScore(items: number, onlyBaseline: number, onlyCandidate: number, difference: number): number {
  const above = onlyCandidate - onlyBaseline - items * difference;
  if (Math.abs(above) < 1e-9) return 0;
  const rate = constrainedRate(items, onlyBaseline, onlyCandidate, difference);
  return above / Math.sqrt(Math.max(0, items * (2 * rate - difference - difference ** 2)));
}

/** The likeliest share of items that only the candidate gets right, given the difference: the larger root of Tango's quadratic. */
function constrainedRate(items: number, onlyBaseline: number, onlyCandidate: number, difference: number): number {
  const a = 2 * items;
  const b = -onlyBaseline - onlyCandidate - (2 * items - onlyBaseline + onlyCandidate) * difference;
  const c = onlyCandidate * difference * (1 + difference);
  return (Math.sqrt(Math.max(0, b * b - 4 * a * c)) - b) / (2 * a);
}

/**
 * The tables with a score of at least `critical`. For each number of items that only the baseline gets right, the score grows with those that
 * only the candidate gets right; the least that suffices grows from one number to the next. Found as far as asked for, and kept.
 */
class ScoreRegion {
  readonly #items: number;
  readonly #suffices: (baseline: number, candidate: number) => boolean;
  readonly #needed = new Map<number, number>();

  constructor(items: number, difference: number, critical: number) {
    this.#items = items;
    this.#suffices = (baseline, candidate) => tangoScore(items, baseline, candidate, difference) >= critical;
  }

  /**
   * How probable they are, together. The binomial tail beyond the least that suffices is carried along rather than reckoned anew:
   * P(X_N ≥ c + 1) = P(X_N ≥ c) − P(X_N = c), and P(X_{N−1} ≥ c) = P(X_N ≥ c) − r P(X_{N−1} = c − 1).
   */
  probability(baselineRate: number, candidateRate: number): number {
    const items = this.#items;
    const deviation = Math.sqrt(items * baselineRate * (1 - baselineRate));
    const first = Math.max(0, Math.floor(items * baselineRate - 9 * deviation - 2));
    const last = Math.min(items, Math.ceil(items * baselineRate + 9 * deviation + 20));
    // Of the items that are not the baseline's alone, the share that are the candidate's alone.
    const rate = Math.min(1, candidateRate / (1 - baselineRate));
    let needed = this.#neededAt(first, 0);
    let beyond = 1 - binomialCdf(needed - 1, items - first, rate);
    let sum = 0;
    for (let baseline = first; baseline <= last; baseline++) {
      const others = items - baseline;
      for (const next = this.#neededAt(baseline, needed); needed < next; needed++)
        beyond -= binomialPmf(needed, others, rate);
      if (needed > others) break;
      sum += binomialPmf(baseline, items, baselineRate) * Math.max(0, beyond);
      beyond -= rate * binomialPmf(needed - 1, others - 1, rate);
    }
    return sum;
  }

  /** The least of the candidate's that suffices, one more than there can be if none does; it is known to be at least `from`. */
  #neededAt(baseline: number, from: number): number {
    const known = this.#needed.get(baseline);
    if (known !== undefined) return known;
    const others = this.#items - baseline;
    let needed = from;
    if (from === 0) needed = leastThat(others, (candidate) => this.#suffices(baseline, candidate));
    else while (needed <= others && !this.#suffices(baseline, needed)) needed += 1;
    this.#needed.set(baseline, needed);
    return needed;
  }
}

/** The least whole number up to `most` that suffices, all larger ones sufficing, too; `most` + 1 if none does. */
function leastThat(most: number, suffices: (count: number) => boolean): number {
  let [low, high] = [0, most + 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (suffices(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
