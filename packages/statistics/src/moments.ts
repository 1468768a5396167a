/** The arithmetic mean. */
export function meanOf(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** The sample variance: squared deviations from the mean, by n − 1. */
export function varianceOf(values: readonly number[], mean: number = meanOf(values)): number {
  let sum = 0;
  for (const value of values) sum += (value - mean) ** 2;
  return sum / (values.length - 1);
}
