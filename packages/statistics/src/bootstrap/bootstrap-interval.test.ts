import { describe, expect, test } from "vitest";
import { meanOf } from "../moments.ts";
import { quantileOf } from "../quantiles/quantile-of.ts";
import { seededRandom } from "../random.ts";
import { bootstrapInterval } from "./bootstrap-interval.ts";

describe("Efron and Tibshirani, An introduction to the bootstrap, tables 14.1 and 14.2: the spatial test", () => {
  const spatial = [48, 36, 20, 29, 42, 42, 20, 42, 22, 41, 45, 14, 6, 0, 33, 28, 34, 4, 32, 24, 47, 41, 24, 26, 30, 41];
  const variance = (sample: readonly number[]): number => {
    const mean = meanOf(sample);
    return meanOf(sample.map((value) => (value - mean) ** 2));
  };
  const options = { confidence: 0.9, resamples: 20_000 };

  test("by BCa, (115.8, 259.6)", () => {
    const { estimate, lower, upper } = bootstrapInterval(spatial, variance, options);
    expect(estimate).toBeCloseTo(171.5, 1);
    // The book has 2000 resamples, of which a bound has a standard error of about 2.
    expect(Math.abs(lower - 115.8)).toBeLessThan(4);
    expect(Math.abs(upper - 259.6)).toBeLessThan(4);
  });

  test("by percentiles, (100.8, 233.9)", () => {
    const { lower, upper } = bootstrapInterval(spatial, variance, { ...options, method: "percentile" });
    expect(Math.abs(lower - 100.8)).toBeLessThan(4);
    expect(Math.abs(upper - 233.9)).toBeLessThan(4);
  });
});

test("gives the same each time, and another interval for another chance", () => {
  const values = [1, 5, 2, 8, 3, 9, 4];
  const first = bootstrapInterval(values, meanOf);
  expect(bootstrapInterval(values, meanOf)).toEqual(first);
  expect(bootstrapInterval(values, meanOf, { random: seededRandom(2) })).not.toEqual(first);
});

test("draws with the chance it is given", () => {
  // Always the first item: every resample is of it alone.
  const interval = bootstrapInterval([3, 4, 5], meanOf, { random: () => 0, method: "percentile" });
  expect(interval).toMatchObject({ estimate: 4, lower: 3, upper: 3 });
});

test("leaves blocks out of many items, and comes to what each of few comes to", () => {
  const random = seededRandom(4);
  const values = Array.from({ length: 1200 }, () => -Math.log(1 - random()));
  const { lower, upper } = bootstrapInterval(values, meanOf, { resamples: 1000 });
  const standardError = Math.sqrt(meanOf(values.map((value) => (value - meanOf(values)) ** 2)) / values.length);
  expect(upper - lower).toBeCloseTo(2 * 1.96 * standardError, 1);
});

test("serves statistics without a formula, of any kind of item", () => {
  const median = (sample: readonly { readonly delay: number }[]): number =>
    quantileOf(
      sample.map(({ delay }) => delay).toSorted((left, right) => left - right),
      0.5,
    );
  const items = Array.from({ length: 101 }, (_, delay) => ({ delay }));
  const { estimate, lower, upper } = bootstrapInterval(items, median);
  expect(estimate).toBe(50);
  // By ranks, it is from 40 to 60.
  expect(Math.abs(lower - 40)).toBeLessThan(3);
  expect(Math.abs(upper - 60)).toBeLessThan(3);
});

test("says so when the statistic gives no number", () => {
  expect(() => bootstrapInterval([1, 2], () => NaN)).toThrow(
    new RangeError("`statistic` must give a finite number; it gave NaN."),
  );
});
