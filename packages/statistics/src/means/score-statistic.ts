import { bisect } from "../bisect.ts";
import type { Bounds } from "../interval.ts";
import type { Tally } from "./tally.ts";

/**
 * How many standard errors the mean of bounded values lies above `mean`, the standard error being that of the likeliest distribution whose
 * mean is `mean`.
 *
 * A t statistic divides by the spread that was seen. When rare values decide (nearly all pairs are tied), it has often seen none of them, and
 * takes the silence for certainty. Here the spread is that of the distribution which explains the data best *if the hypothesis is true*: weights
 * w on the values seen and on the bound towards the hypothesis, that maximise Π wᵢ with Σ wᵢ = 1 and Σ wᵢ xᵢ = `mean` (Owen's empirical
 * likelihood, Biometrika 75, 1988, with the bound as one more point that was not seen). Then z = √n (x̄ − mean) / √(Σ wᵢ (xᵢ − mean)²).
 * For values of 0 and 1 that is Wilson's score test; for differences of such, of −1, 0 and 1, it is Tango's (Stat. Med. 17, 1998).
 */
export function scoreStatistic(tally: Tally, mean: number, [least, most]: Bounds): number {
  const above = tally.mean - mean;
  if (above === 0) return 0;
  const side = above > 0 ? 1 : -1;
  const deviations = tally.values.map((value) => side * (value - mean));
  const extreme = side > 0 ? least - mean : mean - most;
  if (extreme >= 0) return side * Infinity; // a mean at its bound leaves no room for what was seen

  const variance = varianceUnderHypothesis(deviations, tally, extreme);
  return (Math.sqrt(tally.size) * above) / Math.sqrt(variance);
}

/** Lagrange: wᵢ = 1 / (n (1 + λ uᵢ)), where λ makes Σ wᵢ uᵢ = 0, or is the most that the unseen bound allows, which then has weight, too. */
function varianceUnderHypothesis(deviations: readonly number[], { counts, size }: Tally, extreme: number): number {
  const most = -1 / extreme;
  const excess = (lambda: number): number => {
    let sum = 0;
    for (const [place, deviation] of deviations.entries()) {
      const share = 1 + lambda * deviation;
      if (share <= 1e-12) return -Infinity;
      sum += (counts[place]! * deviation) / share;
    }
    return sum;
  };
  const lambda = excess(most) >= 0 ? most : bisect(0, most, (candidate) => excess(candidate) > 0, most * 1e-13);

  let variance = 0;
  let weights = 0;
  for (const [place, deviation] of deviations.entries()) {
    const weight = counts[place]! / (size * (1 + lambda * deviation));
    weights += weight;
    variance += weight * deviation * deviation;
  }
  return variance + Math.max(0, 1 - weights) * extreme * extreme;
}
