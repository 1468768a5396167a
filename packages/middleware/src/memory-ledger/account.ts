import { periodOf } from "@plugboard/core/store";
import type { BudgetWindow } from "@plugboard/core";

/** Where the money of a reservation is: held until it is over, then spent or, when the lease ran out, assumed to be. */
export type HoldState = "held" | "assumed" | "spent" | "released";

/** What was reserved at about the same time of a rolling window, and is booked by now. */
export interface Slice {
  readonly first: number;
  /** The slice counts until the window has left this. */
  last: number;
  spent: number;
  assumed: number;
  /** The window has left it: what is booked late counts no more. */
  gone: boolean;
}

/** A rolling window of more slices than this puts together what was reserved within so small a part of it. */
const fine = 1024;

/** Milliseconds. */
const quarter = 900_000;

/** The sums of one scope in one window. */
export class Account {
  readonly #window: BudgetWindow;
  /** The quarter of an hour that the account was last found to be current in; no day begins within one. */
  #since = Number.NaN;
  /** Which day or month; the same for ever where the window has no borders. */
  readonly period: string;
  spent = 0;
  assumed = 0;
  held = 0;
  /** Reservations that may still be booked here. */
  open = 0;
  /** Of a rolling window, oldest first. */
  readonly #slices: Slice[] = [];

  constructor(window: BudgetWindow, now: number) {
    this.#window = window;
    this.period = periodOf(window, now);
  }

  /** Whether a reservation that is made now belongs here. */
  isCurrent(now: number): boolean {
    if (now >= this.#since && now - this.#since < quarter) return true;
    if (this.period !== periodOf(this.#window, now)) return false;
    this.#since = Math.floor(now / quarter) * quarter;
    return true;
  }

  /** Whether nothing counts here any more, nor can. */
  isIdle(now: number): boolean {
    this.moveOn(now);
    return this.open === 0 && (!this.isCurrent(now) || this.spent + this.assumed + this.held === 0);
  }

  /** Forgets what a rolling window has left by now. */
  moveOn(now: number): void {
    const slices = this.#slices;
    if (typeof this.#window === "string") return;
    let gone = 0;
    while (gone < slices.length && slices[gone]!.last + this.#window.rolling <= now) {
      const slice = slices[gone++]!;
      this.spent -= slice.spent;
      this.assumed -= slice.assumed;
      slice.gone = true;
    }
    if (gone > 0) slices.splice(0, gone);
  }

  /** Of a rolling window the slice of what is reserved now. */
  sliceAt(now: number): Slice | undefined {
    const slices = this.#slices;
    if (typeof this.#window === "string") return undefined;
    let slice = slices.at(-1);
    if (slice && (slice.last === now || (slices.length >= fine && now - slice.first < this.#window.rolling / fine))) {
      slice.last = now;
    } else slices.push((slice = { first: now, last: now, spent: 0, assumed: 0, gone: false }));
    return slice;
  }

  /** What is held counts however old it is; what is booked, as long as the window reaches back to its reservation. */
  add(state: HoldState, amount: number, slice: Slice | undefined): void {
    if (state === "released" || (state !== "held" && slice?.gone)) return;
    this[state] += amount;
    if (slice && state !== "held") slice[state] += amount;
  }
}
