/** How many of the last times are kept. */
const most = 200;

/** The last times until the first content, and how long most of them took. */
export class FirstTimes {
  readonly #times: number[] = [];
  #next = 0;
  #sorted: readonly number[] | undefined;

  get count(): number {
    return this.#times.length;
  }

  /** Takes in a time in milliseconds; the oldest one goes. */
  add(milliseconds: number): void {
    this.#times[this.#next] = milliseconds;
    this.#next = (this.#next + 1) % most;
    this.#sorted = undefined;
  }

  /** The time within which so large a share of them came: 0.95 for all but one in twenty. */
  quantile(share: number): number {
    this.#sorted ??= this.#times.toSorted((a, b) => a - b);
    return this.#sorted[Math.max(0, Math.ceil(share * this.#sorted.length) - 1)]!;
  }
}
