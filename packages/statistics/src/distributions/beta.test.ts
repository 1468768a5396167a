import fc from "fast-check";
import { expect, test } from "vitest";
import { betaCdf, betaQuantile } from "./beta.ts";

// scipy.special.betainc and betaincinv.
test.each([
  [0.1, 2.5, 7, 0.10188029911305448],
  [0.5, 100, 120, 0.9117960627949818],
  [0.999, 0.5, 0.5, 0.9798649583666235],
  [0.02, 1000, 50_000, 0.740482231640057],
])("I_%d(%d, %d)", (x, a, b, expected) => {
  // logGamma has 14 digits, of which those of large arguments go into the whole part.
  expect(betaCdf(x, a, b) / expected).toBeCloseTo(1, a > 500 ? 7 : 11);
});

test.each([
  [0.025, 5, 10, 0.1275984298591596],
  [0.975, 1, 29, 0.11944486906950269],
  [0.5, 0.5, 0.5, 0.5],
])("the quantile of %d for (%d, %d)", (probability, a, b, expected) => {
  expect(betaQuantile(probability, a, b)).toBeCloseTo(expected, 12);
});

test("is a power where one parameter is 1, and mirrors (DLMF 8.17.4, 8.17.7)", () => {
  const unit = fc.double({ min: 0.001, max: 0.999, noNaN: true });
  const parameter = fc.double({ min: 0.05, max: 300, noNaN: true });
  fc.assert(
    fc.property(unit, parameter, parameter, (x, a, b) => {
      expect(betaCdf(x, a, 1)).toBeCloseTo(x ** a, 10);
      expect(betaCdf(x, a, b) + betaCdf(1 - x, b, a)).toBeCloseTo(1, 10);
    }),
  );
  expect(betaCdf(-1, 2, 3)).toBe(0);
  expect(betaCdf(2, 2, 3)).toBe(1);
});
