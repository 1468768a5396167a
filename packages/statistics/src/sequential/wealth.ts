/** Shares of what may be lost that are staked on each value: evenly spaced on the logit scale, from half a percent to all but a percent. */
const stakes = Array.from({ length: 24 }, (_, place) => 1 / (1 + Math.exp(5.3 - (place * 9.9) / 23)));

/**
 * What 1 becomes by betting that values from 0 to 1 are, on average, more than `mean`: evidence against their being at most that.
 *
 * A stake f turns each value x into a factor 1 + f (x/mean − 1), which is at most 1 on average if the hypothesis is true and never below 0, so its
 * product is a supermartingale: it ever reaches 1/α with probability α at most (Ville 1939), however often one looks. The stakes each have an
 * equal part of the capital; the best of them soon holds nearly all of it (Waudby-Smith and Ramdas, Estimating means of bounded random
 * variables by betting, JRSS B 86, 2024; the mixture is Cover's, Universal portfolios, 1991).
 */
export class Wealth {
  readonly #mean: number;
  readonly #logs = new Float64Array(stakes.length);

  constructor(mean: number) {
    this.#mean = mean;
  }

  /** Bets on a value, or on as many as `count` of it; in which order values come makes no difference. */
  bet(value: number, count = 1): void {
    const gain = value / this.#mean - 1;
    for (let place = 0; place < stakes.length; place++) this.#logs[place]! += count * Math.log1p(stakes[place]! * gain);
  }

  /** The logarithm of what there is now. */
  get log(): number {
    const most = Math.max(...this.#logs);
    let sum = 0;
    for (const log of this.#logs) sum += Math.exp(log - most);
    return most + Math.log(sum / stakes.length);
  }
}
