import { checkCount, checkNumber, checkOneSided, checkShare } from "../check.ts";
import { normalCdf, normalQuantile } from "../distributions/normal.ts";

/** A study that is under way, as far as it goes. */
export interface OpenStudy {
  /** How many items there are. */
  readonly items: number;
  readonly estimate: number;
  /** Of the estimate. */
  readonly standardError: number;
  /** The same, were the nearer line the truth. @default standardError */
  readonly standardErrorUnderHypothesis?: number;
  /** Between which values a pass lies; infinite where there is no such line. */
  readonly lines: readonly [least: number, most: number];
  /** How sure each bound is. @default 0.95 */
  readonly confidence?: number;
  /** In how many of many such studies a decision is wanted. @default 0.8 */
  readonly power?: number;
}

/** As many times the items there are is the most that is reckoned with. */
const mostTimes = 100;

/**
 * How many more items a study needs to come to a decision, pass or fail, with the wanted probability.
 *
 * What was seen is not taken for the truth, which it rarely is: the truth lies around it by its standard error, and what will be seen around the
 * truth. So with r times the items more, the later estimate is expected about the present one, with a variance of its own times r / (1 + r); a
 * decision is one that lies beyond a line by the later standard errors that `confidence` asks for (predictive power: Spiegelhalter, Freedman and
 * Blackburn, Monitoring clinical trials: conditional or predictive power?, Control. Clin. Trials 7, 1986).
 *
 * The promise holds on average over what the truth may be. Of a truth that is exactly on a line no number of items ever decides.
 *
 * @returns at least 1; `Infinity` if even 100 times the items that there are would not do
 * @throws {RangeError} if a number is NaN, a standard error is negative, or confidence or power is not between 0 and 1
 * @example
 * itemsToAdd({ items: 200, estimate: 0, standardError: 0.02, lines: [-0.03, Infinity] }); // 707
 */
export function itemsToAdd({
  items,
  estimate,
  standardError,
  standardErrorUnderHypothesis = standardError,
  lines: [least, most],
  confidence = 0.95,
  power = 0.8,
}: OpenStudy): number {
  checkCount("items", items, 1);
  checkNumber("estimate", estimate, -Number.MAX_VALUE, Number.MAX_VALUE);
  checkNumber("standardError", standardError, 0);
  checkNumber("standardErrorUnderHypothesis", standardErrorUnderHypothesis, 0);
  checkOneSided("confidence", confidence);
  checkShare("power", power);
  // Where nothing varies, what is on a line stays there, and what is not is told from it.
  if (standardError === 0 && standardErrorUnderHypothesis === 0)
    return estimate === least || estimate === most ? Infinity : 1;
  const critical = normalQuantile(confidence) * standardErrorUnderHypothesis;

  const decides = (added: number): boolean => {
    const times = added / items;
    const away = critical / Math.sqrt(1 + times);
    const spread = standardError * Math.sqrt(times / (1 + times));
    const below = (value: number): number =>
      spread > 0 ? normalCdf((value - estimate) / spread) : value >= estimate ? 1 : 0;
    const passes = below(most - away) - below(least + away);
    const fails = below(least - away) + 1 - below(most + away);
    return Math.max(0, passes) + fails >= power;
  };
  let [few, many] = [0, items * mostTimes];
  if (!decides(many)) return Infinity;
  while (many - few > 1) {
    const middle = Math.floor((few + many) / 2);
    if (decides(middle)) many = middle;
    else few = middle;
  }
  return many;
}
