import { expect, test } from "vitest";
import { bisect } from "./bisect.ts";

test("finds where a condition ceases to hold", () => {
  expect(bisect(0, 2, (value) => value * value < 2)).toBeCloseTo(Math.SQRT2, 11);
});

test("stays at the left end if the condition holds nowhere, and comes to the right end if it holds everywhere", () => {
  expect(bisect(-3, 5, () => false)).toBe(-3);
  expect(bisect(-3, 5, () => true)).toBeCloseTo(5, 11);
});

test("goes to the last number that there is if no precision is given up", () => {
  const found = bisect(0, 1, (value) => value < 1e-30, 0);
  expect(found / 1e-30).toBeCloseTo(1, 15);
});
