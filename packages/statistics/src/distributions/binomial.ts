import { betaCdf } from "./beta.ts";
import { logGamma } from "./log-gamma.ts";

/** Probability of exactly `successes` in `trials`, each with `chance`. */
export function binomialPmf(successes: number, trials: number, chance: number): number {
  if (successes < 0 || successes > trials) return 0;
  if (chance <= 0) return successes === 0 ? 1 : 0;
  if (chance >= 1) return successes === trials ? 1 : 0;
  const ways = logGamma(trials + 1) - logGamma(successes + 1) - logGamma(trials - successes + 1);
  return Math.exp(ways + successes * Math.log(chance) + (trials - successes) * Math.log1p(-chance));
}

/** Probability of at most `successes` in `trials`, each with `chance`. */
export function binomialCdf(successes: number, trials: number, chance: number): number {
  if (successes < 0) return 0;
  if (successes >= trials) return 1;
  return betaCdf(1 - chance, trials - successes, successes + 1);
}
