import { expect, test } from "vitest";
import { seededRandom } from "./seeded-random.ts";

function some(seed: number | string): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: 1000 }, random);
}

test("gives the same numbers for the same seed, and others for another", () => {
  expect(some("a sample")).toStrictEqual(some("a sample"));
  expect(some(7)).toStrictEqual(some(7));
  expect(some("a sample")).not.toStrictEqual(some("another"));
});

test("spreads over the whole range", () => {
  const numbers = some(1);
  const mean = numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
  expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...numbers)).toBeLessThan(1);
  expect(mean).toBeGreaterThan(0.45);
  expect(mean).toBeLessThan(0.55);
});
