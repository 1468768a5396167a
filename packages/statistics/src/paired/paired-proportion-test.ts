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

/**
 * The one-sided p-value against "the candidate's rate is at most `difference` above the baseline's", of paired right and wrong answers.
 *
 * The statistic is Tango's score (Equivalence test and confidence interval for the difference in proportions for the paired-sample design,
 * Stat. Med. 17, 1998). Its p-value is not taken from the normal distribution, which passes too often when the models seldom differ, but is
 * the exact probability, over all tables, of a statistic as large, at the likeliest discordance under the hypothesis (the estimated p-value of
 * Lloyd, A new exact and more powerful unconditional test of no treatment effect from binary matched pairs, Biometrics 64, 2008).
 * Accurate to about 1e-10.
 */
export function pairedProportionPValue(table: Discordance, difference: number): number {
  const { items, onlyBaseline, onlyCandidate } = table;
  const observed = tangoScore(items, onlyBaseline, onlyCandidate, difference);
  if (observed === Infinity) return 0;
  if (observed === -Infinity) return 1;
  if (items > enumerated) return normalCdf(-observed);

  const candidateRate = constrainedRate(items, onlyBaseline, onlyCandidate, difference);
  const baselineRate = Math.max(0, candidateRate - difference);
  return tailProbability(items, baselineRate, candidateRate, difference, observed - 1e-9);
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
 * P(score ≥ critical), by the number of items that only the baseline gets right. For each, the score grows with those that only the candidate
 * gets right, and the least that suffices grows from one to the next; the binomial tail beyond it is carried along rather than reckoned anew:
 * P(X_N ≥ c + 1) = P(X_N ≥ c) − P(X_N = c), and P(X_{N−1} ≥ c) = P(X_N ≥ c) − r P(X_{N−1} = c − 1).
 */
function tailProbability(
  items: number,
  baselineRate: number,
  candidateRate: number,
  difference: number,
  critical: number,
): number {
  const deviation = Math.sqrt(items * baselineRate * (1 - baselineRate));
  const first = Math.max(0, Math.floor(items * baselineRate - 9 * deviation - 2));
  const last = Math.min(items, Math.ceil(items * baselineRate + 9 * deviation + 20));
  // Of the items that are not the baseline's alone, the share that are the candidate's alone.
  const rate = Math.min(1, candidateRate / (1 - baselineRate));
  const suffices = (baseline: number, candidate: number): boolean =>
    tangoScore(items, baseline, candidate, difference) >= critical;

  let needed = leastThat(items - first, (candidate) => suffices(first, candidate));
  let beyond = 1 - binomialCdf(needed - 1, items - first, rate);
  let sum = 0;
  for (let baseline = first; baseline <= last; baseline++) {
    const others = items - baseline;
    while (needed <= others && !suffices(baseline, needed)) {
      beyond -= binomialPmf(needed, others, rate);
      needed += 1;
    }
    if (needed > others) break;
    sum += binomialPmf(baseline, items, baselineRate) * Math.max(0, beyond);
    beyond -= rate * binomialPmf(needed - 1, others - 1, rate);
  }
  return Math.min(1, sum);
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
