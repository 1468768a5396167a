import type { LimitTake } from "@plugboard/core";
import type { Meter } from "./meter.ts";

/** What was taken at about the same time. */
interface Entry {
  /** When the first and the last of it was taken; it counts until the window has left the last. */
  readonly first: number;
  last: number;
  amount: number;
}

/** A log that is longer than this puts together what was taken within so small a part of the window. */
const fine = 1024;

/**
 * What was taken of one limit within its window, and when: the sum never forgets anything too early. Up to about a thousand takes it is
 * exact; beyond that, a take counts for up to a thousandth of the window longer, and the log stays short.
 */
export class SlidingLog implements Meter {
  readonly #window: number;
  readonly #entries: Entry[] = [];
  #sum = 0;

  constructor(window: number) {
    this.#window = window;
  }

  waitFor({ cost, limit }: LimitTake, now: number): number {
    if (cost > limit) return Infinity;
    return this.used(now) + cost <= limit ? 0 : this.until(limit - cost, now);
  }

  isEmpty(now: number): boolean {
    return this.used(now) === 0;
  }

  /** What counts now; what the window has left is forgotten. */
  used(now: number): number {
    const entries = this.#entries;
    let gone = 0;
    while (gone < entries.length && entries[gone]!.last + this.#window <= now) this.#sum -= entries[gone++]!.amount;
    if (gone > 0) entries.splice(0, gone);
    // Nothing is left, so nothing counts: no error of rounding stays.
    if (entries.length === 0) this.#sum = 0;
    return this.#sum;
  }

  add({ cost: amount }: Pick<LimitTake, "cost">, now: number): void {
    if (amount === 0) return;
    this.#sum += amount;
    const last = this.#entries.at(-1);
    if (last && (last.last === now || (this.#entries.length >= fine && now - last.first < this.#window / fine))) {
      last.last = now;
      last.amount += amount;
    } else this.#entries.push({ first: now, last: now, amount });
  }

  /** Takes back what was added at a time, at most all of it. */
  remove({ cost: amount }: Pick<LimitTake, "cost">, at: number): void {
    // What was put together counts from its last part on, so the first entry that is not before it has it.
    const entry = this.#entries.find(({ last }) => last >= at);
    if (!entry || entry.first > at) return;
    const removed = Math.min(amount, entry.amount);
    entry.amount -= removed;
    this.#sum -= removed;
  }

  /** Milliseconds until no more than this counts. */
  until(most: number, now: number): number {
    let rest = this.used(now);
    for (const { last, amount } of this.#entries) {
      if (rest <= most) break;
      rest -= amount;
      if (rest <= most) return last + this.#window - now;
    }
    return 0;
  }
}
