import type { Measurement, NanoDollars } from "@plugboard/core";

/** How far an evaluation has come. */
export interface Progress {
  /** Measurements that there are, those of an earlier run included. */
  readonly done: number;
  /** Measurements that there will be, where the dataset says how many rows it has. */
  readonly total: number | undefined;
  /** Of those done: taken over from an earlier run. */
  readonly kept: number;
  /** Of those done: without an answer, since the model failed. */
  readonly failed: number;
  /** Scores that a scorer failed to give. */
  readonly unscored: number;
  /** Rows passed over since they are not what they must be. */
  readonly badRows: number;
  /** What this run has paid, as far as it is known. */
  readonly cost: NanoDollars;
  /** Milliseconds since the run began. */
  readonly elapsed: number;
  /** Measurements a second, of this run alone. */
  readonly rate: number;
  /** Milliseconds until the end at this rate, where `total` is known. */
  readonly remaining: number | undefined;
  /** Nothing follows. */
  readonly ended: boolean;
}

/** Counts, and tells now and then. */
export class ProgressCounter {
  readonly #listener: ((progress: Progress) => void) | undefined;
  readonly #interval: number;
  readonly #began = performance.now();
  #told = -Infinity;
  #done = 0;
  #kept = 0;
  #failed = 0;
  #unscored = 0;
  #cost = 0;
  badRows = 0;
  total: number | undefined;

  /** @param interval milliseconds between two tellings, at least */
  constructor(listener: ((progress: Progress) => void) | undefined, interval: number) {
    this.#listener = listener;
    this.#interval = interval;
  }

  /** Counts what an earlier run has measured. */
  keep(measurement: Measurement): void {
    this.#kept++;
    this.#count(measurement);
  }

  add(measurement: Measurement): void {
    this.#cost += measurement.cost?.total ?? 0;
    this.#count(measurement);
  }

  #count({ error, unscored }: Measurement): void {
    this.#done++;
    if (error) this.#failed++;
    if (unscored) this.#unscored += Object.keys(unscored).length;
    const now = performance.now();
    if (now - this.#told < this.#interval) return;
    this.#told = now;
    this.#listener?.(this.now());
  }

  /** The last telling. */
  end(): void {
    this.#listener?.(this.now(true));
  }

  now(ended = false): Progress {
    const elapsed = performance.now() - this.#began;
    const measured = this.#done - this.#kept;
    const rate = elapsed > 0 ? (measured / elapsed) * 1000 : 0;
    const left = this.total === undefined ? undefined : Math.max(0, this.total - this.#done);
    return {
      done: this.#done,
      total: this.total,
      kept: this.#kept,
      failed: this.#failed,
      unscored: this.#unscored,
      badRows: this.badRows,
      cost: this.#cost,
      elapsed,
      rate,
      remaining: left === 0 ? 0 : left === undefined || rate === 0 ? undefined : (left / rate) * 1000,
      ended,
    };
  }
}
