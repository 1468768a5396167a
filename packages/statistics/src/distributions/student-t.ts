import { betaCdf, betaQuantile } from "./beta.ts";
import { normalCdf, normalQuantile } from "./normal.ts";

/** From here on it is the normal distribution to eight digits, and slow to reckon. */
const manyDegrees = 1e7;

/** Cumulative probability of Student's t with `degrees` of freedom, which need not be whole. */
export function studentCdf(t: number, degrees: number): number {
  if (degrees >= manyDegrees) return normalCdf(t);
  const tail = betaCdf(degrees / (degrees + t * t), degrees / 2, 0.5) / 2;
  return t > 0 ? 1 - tail : tail;
}

/** Where the cumulative probability of Student's t reaches `probability`. */
export function studentQuantile(probability: number, degrees: number): number {
  if (probability === 0.5) return 0;
  if (degrees >= manyDegrees) return normalQuantile(probability);
  const tail = Math.min(probability, 1 - probability);
  // By the complement, which keeps its digits when t is small beside the degrees.
  const share = betaQuantile(1 - 2 * tail, 0.5, degrees / 2);
  const t = Math.sqrt((degrees * share) / (1 - share));
  return probability < 0.5 ? -t : t;
}
