/** Milliseconds in which what was observed loses all but a third of its weight. */
const tau = 10_000;

/**
 * How long something takes of late, in milliseconds: an average in which what is longer counts at once and what is shorter by and by. While
 * nothing is observed it falls, so that who was slow is tried again.
 */
export class PeakEwma {
  #value = 0;
  #at = 0;
  #known = false;

  /** Whether anything was observed. */
  get known(): boolean {
    return this.#known;
  }

  at(now: number): number {
    return this.#value * Math.exp(-Math.max(0, now - this.#at) / tau);
  }

  observe(milliseconds: number, now: number): void {
    const weight = Math.exp(-Math.max(0, now - this.#at) / tau);
    const isPeak = milliseconds > this.#value * weight;
    this.#value = isPeak ? milliseconds : this.#value * weight + milliseconds * (1 - weight);
    this.#at = now;
    this.#known = true;
  }

  /** It would have taken longer than this. */
  observeAtLeast(milliseconds: number, now: number): void {
    if (milliseconds > this.at(now)) this.observe(milliseconds, now);
  }
}
