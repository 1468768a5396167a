import { expect, test } from "vitest";
import { seededRandom } from "../random.ts";
import { varianceComponents } from "./variance-components.ts";

test("Snedecor and Cochran, Statistical methods, 10.13: calcium in turnip leaves", () => {
  const { between, within, reliability } = varianceComponents([
    [3.28, 3.09, 3.03, 3.03],
    [3.52, 3.48, 3.38, 3.38],
    [2.88, 2.8, 2.81, 2.76],
    [3.34, 3.38, 3.23, 3.26],
  ]);
  expect(within.estimate).toBeCloseTo(0.0066, 4);
  expect(between.estimate).toBeCloseTo(0.0724, 4);
  expect(reliability.estimate).toBeCloseTo(0.0724 / 0.079, 2);
  expect(between.lower).toBeLessThan(between.estimate);
  expect(between.upper).toBeGreaterThan(between.estimate);
});

test("finds the components it was made of, with unequal numbers of runs", () => {
  const random = seededRandom(12);
  const uniform = (variance: number): number => (random() - 0.5) * Math.sqrt(12 * variance);
  const items = Array.from({ length: 3000 }, (_, item) => {
    const level = uniform(0.5);
    return Array.from({ length: 1 + (item % 5) }, () => level + uniform(2));
  });
  const { between, within } = varianceComponents(items, { resamples: 100 });
  expect(Math.abs(between.estimate - 0.5)).toBeLessThan(0.08);
  expect(Math.abs(within.estimate - 2)).toBeLessThan(0.08);
});

test("takes the usual number of runs by (N − Σ nᵢ²/N) / (I − 1) (Searle, Casella and McCulloch, 3.6)", () => {
  // By hand: MSW = 22/5, MSB = 27.875/2, n₀ = (8 − 30/8)/2.
  const { between, within } = varianceComponents([[1], [2, 4], [3, 5, 7, 9, 6]], { resamples: 100, random: () => 0.5 });
  expect(within.estimate).toBeCloseTo(4.4, 9);
  expect(between.estimate).toBeCloseTo((13.9375 - 4.4) / 2.125, 9);
});

test("is 0 between items if the runs alone explain the spread, and 0 within if runs are all alike", () => {
  expect(
    varianceComponents([
      [0, 1],
      [1, 0],
      [0, 1],
    ]).between.estimate,
  ).toBe(0);
  const steady = varianceComponents([
    [1, 1],
    [0, 0],
    [1, 1],
    [0, 0],
  ]);
  expect(steady.within.estimate).toBe(0);
  expect(steady.reliability.estimate).toBe(1);
});

test("says so where no item was run twice", () => {
  expect(() => varianceComponents([[1], [0], [1]])).toThrow(
    "`items` must hold an item with 2 or more scores; each has 1.",
  );
});
