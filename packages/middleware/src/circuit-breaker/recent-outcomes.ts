/** Slices of a window: what is older than the window is forgotten a slice at a time. */
const slices = 10;

interface Slice {
  /** Which slice of time it is, counted from the start of the clock. */
  number: number;
  successes: number;
  failures: number;
}

/** How many calls of the last so many milliseconds succeeded, and how many failed. */
export class RecentOutcomes {
  readonly #width: number;
  readonly #ring: Slice[] = Array.from({ length: slices }, () => ({ number: -Infinity, successes: 0, failures: 0 }));

  constructor(window: number) {
    this.#width = window / slices;
  }

  /** Counts one more. */
  add(outcome: "successes" | "failures", now: number): void {
    const number = Math.floor(now / this.#width);
    const slice = this.#ring[number % slices]!;
    if (slice.number !== number) {
      slice.number = number;
      slice.successes = slice.failures = 0;
    }
    slice[outcome]++;
  }

  /** The sums over the window that ends now. */
  sums(now: number): { readonly successes: number; readonly failures: number } {
    const oldest = Math.floor(now / this.#width) - slices;
    const sums = { successes: 0, failures: 0 };
    for (const { number, successes, failures } of this.#ring) {
      if (number <= oldest) continue;
      sums.successes += successes;
      sums.failures += failures;
    }
    return sums;
  }

  /** Forgets all. */
  clear(): void {
    for (const slice of this.#ring) slice.number = -Infinity;
  }
}
