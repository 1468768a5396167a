import { checkOption } from "@plugboard/core";
import { within } from "./within.ts";

/** So many failures in a row shut the door: one slow moment does not. */
const most = 3;

/** Milliseconds for which it is shut: at first, and at most; twice as long each time that the store still fails. */
const pause = { first: 1000, most: 30_000 };

/**
 * Stands in front of a store that calls can do without. What the store does not do in time has failed, and after several failures in a
 * row it is not asked for a while, so that a store which is down costs calls nothing. Then one of them finds out whether it is back.
 */
export class StoreDoor {
  readonly #patience: number;
  #failures = 0;
  #pause = pause.first;
  #shutUntil = -Infinity;
  #trying = false;

  /** `patience` is what the store may take, in milliseconds. */
  constructor(patience: number) {
    checkOption("patience", patience, { least: 0 });
    this.#patience = patience;
  }

  /** Whether the store is not to be asked now. */
  get isShut(): boolean {
    return this.#failures >= most && (this.#trying || performance.now() < this.#shutUntil);
  }

  /**
   * Asks the store. `longer` is how many milliseconds it may take besides.
   *
   * @throws {ModelError} `timeout` when it does not answer in time; whatever it fails with
   */
  ask<Value>(work: () => Promise<Value>, longer = 0): Promise<Value> {
    const isTrial = this.#failures >= most;
    if (isTrial) this.#trying = true;
    const settled = (failed: boolean): void => this.#settled(failed, isTrial);
    try {
      return within(this.#patience + longer, work(), settled);
    } catch (error) {
      settled(true);
      throw error;
    }
  }

  #settled(failed: boolean, isTrial: boolean): void {
    if (isTrial) this.#trying = false;
    if (!failed) {
      this.#failures = 0;
      this.#pause = pause.first;
      return;
    }
    const now = performance.now();
    if (++this.#failures < most || now < this.#shutUntil) return;
    this.#shutUntil = now + this.#pause;
    this.#pause = Math.min(2 * this.#pause, pause.most);
  }
}
