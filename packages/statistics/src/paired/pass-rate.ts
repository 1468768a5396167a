// How often a rule passes, without chance: summed over all that samples can show. For tests and scripts/verdict.ts; no part of the package.
import { binomialCdf, binomialPmf } from "../distributions/binomial.ts";

/** Decides on the numbers of items that only the baseline, and only the candidate, got right. */
export type PassRule = (onlyBaseline: number, onlyCandidate: number) => boolean;

/**
 * For each number that only the baseline gets right, the least that only the candidate must get right to pass. A rule that passes with some
 * passes with more.
 */
export function passRegion(items: number, passes: PassRule): readonly number[] {
  const region: number[] = [];
  let needed = 0;
  for (let onlyBaseline = 0; onlyBaseline <= items; onlyBaseline++) {
    while (needed <= items - onlyBaseline && !passes(onlyBaseline, needed)) needed += 1;
    if (needed > items - onlyBaseline) break;
    region.push(needed);
  }
  return region;
}

/** The probability of a pass when items are drawn from a population with these shares of items that only one gets right. */
export function passRate(
  items: number,
  region: readonly number[],
  { baselineRate, candidateRate }: { readonly baselineRate: number; readonly candidateRate: number },
): number {
  let sum = 0;
  for (const [onlyBaseline, needed] of region.entries()) {
    const probability = binomialPmf(onlyBaseline, items, baselineRate);
    if (probability < 1e-15) continue;
    sum += probability * (1 - binomialCdf(needed - 1, items - onlyBaseline, candidateRate / (1 - baselineRate)));
  }
  return sum;
}
