import { expect, test } from "vitest";
import { PeakEwma } from "./peak-ewma.ts";

test("a peak counts at once, what is shorter by and by, and nothing by and by, too", () => {
  const average = new PeakEwma();
  expect(average.known).toBe(false);
  average.observe(100, 0);
  expect(average.at(0)).toBe(100);
  expect(average.at(10_000)).toBeCloseTo(100 / Math.E);
  average.observe(500, 0);
  expect(average.at(0)).toBe(500);
  average.observe(100, 10_000); // a third of 500, and two thirds of 100
  expect(average.at(10_000)).toBeCloseTo(500 / Math.E + 100 * (1 - 1 / Math.E));
});

test("what would have taken longer counts only where that is news", () => {
  const average = new PeakEwma();
  average.observe(100, 0);
  average.observeAtLeast(50, 0);
  expect(average.at(0)).toBe(100);
  average.observeAtLeast(200, 0);
  expect(average.at(0)).toBe(200);
});

test("a clock that goes back changes nothing", () => {
  const average = new PeakEwma();
  average.observe(100, 1000);
  expect(average.at(0)).toBe(100);
});
