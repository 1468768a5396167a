import fc from "fast-check";
import { expect, test } from "vitest";
import { binomialCdf, binomialPmf } from "./binomial.ts";

test("counts coins", () => {
  expect(binomialPmf(3, 10, 0.5)).toBeCloseTo(120 / 1024, 13);
  expect(binomialCdf(3, 10, 0.5)).toBeCloseTo((1 + 10 + 45 + 120) / 1024, 13);
});

test("agrees with scipy.stats.binom for many trials", () => {
  expect(binomialPmf(50, 1000, 0.04)).toBeCloseTo(0.017241825861475144, 12);
  expect(binomialCdf(50, 1000, 0.04)).toBeCloseTo(0.9509359546301276, 11);
  expect(binomialCdf(0, 200, 0.01)).toBeCloseTo(0.99 ** 200, 13);
});

test("the cumulative probability is the sum", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), fc.double({ min: 0, max: 1, noNaN: true }), (trials, chance) => {
      let sum = 0;
      for (let successes = 0; successes <= trials; successes++) {
        sum += binomialPmf(successes, trials, chance);
        expect(binomialCdf(successes, trials, chance)).toBeCloseTo(sum, 10);
      }
      expect(sum).toBeCloseTo(1, 10);
    }),
    { numRuns: 40 },
  );
});

test("what cannot be has no probability", () => {
  expect(binomialPmf(-1, 5, 0.5)).toBe(0);
  expect(binomialPmf(6, 5, 0.5)).toBe(0);
  expect(binomialCdf(-1, 5, 0.5)).toBe(0);
  expect(binomialCdf(9, 5, 0.5)).toBe(1);
  expect([0, 1].map((chance) => binomialPmf(5, 5, chance))).toEqual([0, 1]);
});
