import { expect, test } from "vitest";
import { quantileOf } from "./quantile-of.ts";

test("is R's type 7: between two values by distance (Hyndman and Fan 1996)", () => {
  expect(quantileOf([10, 20, 30, 40], 0.5)).toBe(25);
  expect(quantileOf([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0.95)).toBeCloseTo(9.55, 12);
  expect(quantileOf([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0.25)).toBeCloseTo(3.25, 12);
});

test("goes from the least to the greatest", () => {
  expect([0, 1].map((quantile) => quantileOf([3, 8, 9], quantile))).toEqual([3, 9]);
  expect(quantileOf([7], 0.3)).toBe(7);
});
