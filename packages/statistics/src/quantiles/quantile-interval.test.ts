import { expect, test } from "vitest";
import { binomialPmf } from "../distributions/binomial.ts";
import { quantileInterval } from "./quantile-interval.ts";

const upTo = (count: number): number[] => Array.from({ length: count }, (_, place) => place + 1);

// Ranks of the median's interval at 95 %: the sign test's table (Dixon and Massey; Conover, table of 3.2).
test.each([
  [6, 1, 6],
  [10, 2, 9],
  [20, 6, 15],
  [25, 8, 18],
  [50, 18, 33],
])("the median of %d values lies between the sorted ones of ranks %d and %d", (count, lower, upper) => {
  expect(quantileInterval(upTo(count).toReversed(), 0.5)).toMatchObject({ lower, upper, confidence: 0.95 });
});

test("has no bound where there are too few values, and says from when on", () => {
  // 0.95^n ≤ 0.025 from n = 72 on.
  expect(quantileInterval(upTo(71), 0.95).upper).toBe(Infinity);
  expect(quantileInterval(upTo(72), 0.95).upper).toBe(72);
  expect(quantileInterval(upTo(5), 0.5)).toMatchObject({ lower: -Infinity, upper: Infinity });
  expect(quantileInterval(upTo(71), 0.05).lower).toBe(-Infinity);
});

test("covers at least what it says, and the next narrower ranks would not", () => {
  for (const [count, quantile] of [
    [100, 0.95],
    [200, 0.5],
    [300, 0.9],
  ] as const) {
    const { lower, upper } = quantileInterval(upTo(count), quantile, { confidence: 0.9 });
    // The r-th value lies above the quantile if fewer than r are below it.
    const misses = (from: number, to: number): number => {
      let sum = 0;
      for (let below = from; below <= to; below++) sum += binomialPmf(below, count, quantile);
      return sum;
    };
    expect(misses(0, lower - 1)).toBeLessThanOrEqual(0.05);
    expect(misses(0, lower)).toBeGreaterThan(0.05);
    expect(misses(upper, count)).toBeLessThanOrEqual(0.05);
    expect(misses(upper - 1, count)).toBeGreaterThan(0.05);
  }
});
