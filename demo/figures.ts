import type { NanoDollars } from "plugboard";

/** The middle of a list of numbers. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  if (sorted.length === 0) return NaN;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

export function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

/** `85.2 %` */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** `$0.002741`, rounded for a table. */
export function dollars(amount: NanoDollars, digits = 4): string {
  return `$${(amount / 1e9).toFixed(digits)}`;
}

/** `$0.102345678`, to the nano-dollar. */
export function exactDollars(amount: NanoDollars): string {
  const digits = String(Math.abs(amount)).padStart(10, "0");
  return `${amount < 0 ? "-" : ""}$${digits.slice(0, -9)}.${digits.slice(-9)}`;
}

/** `2.4 s` */
export function seconds(milliseconds: number): string {
  return milliseconds < 10 ? `${milliseconds.toFixed(1)} ms` : `${(milliseconds / 1000).toFixed(2)} s`;
}
