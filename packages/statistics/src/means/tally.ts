/** Distinct values and how often each occurs: what the tests of bounded means read, since scores are mostly a few values many times. */
export interface Tally {
  readonly values: readonly number[];
  readonly counts: readonly number[];
  /** Of all values, repeated ones included. */
  readonly size: number;
  readonly mean: number;
}

/** Counts equal values together. */
export function tallyOf(values: Iterable<number>): Tally {
  const counts = new Map<number, number>();
  let size = 0;
  let sum = 0;
  for (const value of values) {
    counts.set(value, (counts.get(value) ?? 0) + 1);
    size += 1;
    sum += value;
  }
  return { values: [...counts.keys()], counts: [...counts.values()], size, mean: sum / size };
}
