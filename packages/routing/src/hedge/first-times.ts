/** How many of the last times are kept. */
const most = 200;

/** The last times until the first content, and how long most of them took. */
export class FirstTimes {
  readonly #times: number[] = [];
  readonly #added: number[] = [];
  readonly #within: number;
  #next = 0;
  #sorted: readonly number[] | undefined;
  /** When the oldest of those that are sorted is no longer looked at. */
  #sortedUntil = Infinity;

  /** @param within - milliseconds for which a time counts; by default until 200 others came */
  constructor(within: number = Infinity) {
    this.#within = within;
  }

  get count(): number {
    return this.#within === Infinity ? this.#times.length : this.#recent().length;
  }

  /** Takes in a time in milliseconds; the oldest one goes. */
  add(milliseconds: number): void {
    this.#times[this.#next] = milliseconds;
    this.#added[this.#next] = performance.now();
    this.#next = (this.#next + 1) % most;
    this.#sorted = undefined;
  }

  /** The time within which so large a share of them came: 0.95 for all but one in twenty. */
  quantile(share: number): number {
    const sorted = this.#recent();
    return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
  }

  #recent(): readonly number[] {
    const since = this.#within === Infinity ? -Infinity : performance.now() - this.#within;
    if (!this.#sorted || since > this.#sortedUntil) {
      this.#sorted = this.#times.filter((_, place) => this.#added[place]! >= since).toSorted((a, b) => a - b);
      this.#sortedUntil = this.#added.reduce((least, at) => (at >= since && at < least ? at : least), Infinity);
    }
    return this.#sorted;
  }
}
