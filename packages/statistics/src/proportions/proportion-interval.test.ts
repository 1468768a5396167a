import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { binomialPmf } from "../distributions/binomial.ts";
import { proportionInterval } from "./proportion-interval.ts";
import type { ProportionMethod } from "./proportion-interval.ts";

describe("Newcombe, Two-sided confidence intervals for the single proportion, Stat. Med. 17, 1998, table I", () => {
  test.each<[number, number, ProportionMethod, number, number]>([
    [81, 263, "wilson", 0.2553, 0.3662],
    [15, 148, "wilson", 0.0624, 0.1605],
    [0, 20, "wilson", 0, 0.1611],
    [1, 29, "wilson", 0.0061, 0.1718],
    [81, 263, "clopper-pearson", 0.2527, 0.3676],
    [15, 148, "clopper-pearson", 0.0578, 0.1617],
    [0, 20, "clopper-pearson", 0, 0.1684],
    [1, 29, "clopper-pearson", 0.0009, 0.1776],
    [81, 263, "mid-p", 0.2544, 0.3658],
    [15, 148, "mid-p", 0.0601, 0.1581],
    [0, 20, "mid-p", 0, 0.1391],
    [1, 29, "mid-p", 0.0017, 0.1585],
  ])("%d of %d by %s", (successes, trials, method, lower, upper) => {
    const interval = proportionInterval(successes, trials, { method });
    expect(interval.lower).toBeCloseTo(lower, 4);
    expect(interval.upper).toBeCloseTo(upper, 4);
    expect(interval.estimate).toBe(successes / trials);
  });
});

/** Exactly: summed over all that can be seen. */
function coverage(trials: number, chance: number, method: ProportionMethod): number {
  let held = 0;
  for (let successes = 0; successes <= trials; successes++) {
    const { lower, upper } = proportionInterval(successes, trials, { method });
    if (lower <= chance && chance <= upper) held += binomialPmf(successes, trials, chance);
  }
  return held;
}

describe("covers", () => {
  // Outcomes are whole numbers, so coverage swings with the proportion: what can be had is the average over near ones.
  const near = (from: number, to: number): number[] =>
    Array.from({ length: 40 }, (_, step) => from + ((to - from) * step) / 39);
  const average = (chances: readonly number[], trials: number, method: ProportionMethod): number =>
    chances.reduce((sum, chance) => sum + coverage(trials, chance, method), 0) / chances.length;

  test.each<[string, number, number, number, ProportionMethod]>([
    ["near 0", 0.01, 0.1, 100, "wilson"],
    ["near 0", 0.01, 0.1, 400, "wilson"],
    ["near 1", 0.9, 0.99, 200, "wilson"],
    ["in the middle", 0.3, 0.7, 50, "wilson"],
    ["near 0", 0.02, 0.1, 200, "mid-p"],
    ["near 1", 0.9, 0.98, 150, "mid-p"],
  ])("94 to 96 in 100 on average %s (%d to %d, %d items, %s)", (_, from, to, trials, method) => {
    const held = average(near(from, to), trials, method);
    expect(held).toBeGreaterThan(0.94);
    expect(held).toBeLessThan(0.96);
  });

  test("never less than 95 in 100, by the exact method", () => {
    for (const chance of near(0.003, 0.997))
      expect(coverage(60, chance, "clopper-pearson")).toBeGreaterThanOrEqual(0.95);
  });
});

test("is the same in the mirror, and narrower for less confidence", () => {
  const methods = fc.constantFrom<ProportionMethod>("wilson", "mid-p", "clopper-pearson");
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300 }), fc.nat(300), methods, (trials, successes, method) => {
      fc.pre(successes <= trials);
      const { lower, upper } = proportionInterval(successes, trials, { method });
      const mirrored = proportionInterval(trials - successes, trials, { method });
      expect(mirrored.lower).toBeCloseTo(1 - upper, 9);
      expect(lower).toBeLessThanOrEqual(successes / trials);
      const narrow = proportionInterval(successes, trials, { method, confidence: 0.8 });
      expect(narrow.lower).toBeGreaterThanOrEqual(lower);
      expect(narrow.upper).toBeLessThanOrEqual(upper);
    }),
  );
});
