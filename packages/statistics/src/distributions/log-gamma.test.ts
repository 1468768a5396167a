import { expect, test } from "vitest";
import { logGamma } from "./log-gamma.ts";

test("is the logarithm of the factorial, and of √π at a half", () => {
  let factorial = 1;
  for (let n = 1; n <= 20; n++) {
    expect(Math.exp(logGamma(n)) / factorial).toBeCloseTo(1, 12);
    factorial *= n;
  }
  expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 13);
});

// Abramowitz and Stegun, table 6.4, and scipy.special.gammaln for the digits.
test.each([
  [1e-3, 6.907178885383853],
  [100, 359.1342053695754],
  [1e6, 12815504.569147611],
])("ln Γ(%d)", (x, expected) => {
  expect(logGamma(x) / expected).toBeCloseTo(1, 12);
});
