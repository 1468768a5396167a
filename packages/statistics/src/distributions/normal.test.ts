import fc from "fast-check";
import { expect, test } from "vitest";
import { normalCdf, normalQuantile } from "./normal.ts";

// Abramowitz and Stegun, table 26.1; scipy.stats.norm for the far tail.
test.each([
  [-10, 7.61985302416047e-24],
  [-5, 2.866515718791933e-7],
  [-1, 0.15865525393145707],
  [0, 0.5],
  [0.5, 0.6914624612740131],
  [1.96, 0.9750021048517795],
  [3, 0.9986501019683699],
  [4, 0.9999683287581669],
])("Φ(%d)", (x, expected) => {
  expect(normalCdf(x) / expected).toBeCloseTo(1, 11);
});

test.each([
  [1e-10, -6.361340902404056],
  [1e-3, -3.090232306167813],
  [0.5, 0],
  [0.6, 0.2533471031357997],
  [0.975, 1.959963984540054],
])("the quantile of %d", (probability, expected) => {
  expect(normalQuantile(probability)).toBeCloseTo(expected, 11);
});

test("the quantile undoes the probability", () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-200, max: 0.5, noNaN: true }), (probability) => {
      expect(normalCdf(normalQuantile(probability)) / probability).toBeCloseTo(1, 9);
    }),
  );
});

test("knows its ends, and does not hang on what is no number", () => {
  expect(normalCdf(Infinity)).toBe(1);
  expect(normalCdf(-Infinity)).toBe(0);
  expect(normalCdf(NaN)).toBeNaN();
  expect(normalQuantile(0)).toBe(-Infinity);
  expect(normalQuantile(1)).toBe(Infinity);
});
