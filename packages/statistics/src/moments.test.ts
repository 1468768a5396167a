import { expect, test } from "vitest";
import { meanOf, varianceOf } from "./moments.ts";

test("reckons mean and sample variance", () => {
  expect(meanOf([2, 4, 4, 4, 5, 5, 7, 9])).toBe(5);
  expect(varianceOf([2, 4, 4, 4, 5, 5, 7, 9])).toBeCloseTo(32 / 7, 12);
});

test("keeps the digits of a small spread about a large mean", () => {
  expect(varianceOf([1e9 + 1, 1e9 + 2, 1e9 + 3])).toBe(1);
});
