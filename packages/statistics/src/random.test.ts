import { expect, test } from "vitest";
import { seededRandom } from "./random.ts";

test("gives what another implementation of sfc32 gives for the same seed", () => {
  // Written from the definitions of sfc32 and splitmix32 with unbounded integers.
  const from = (seed: number, count: number): number[] => {
    const random = seededRandom(seed);
    return Array.from({ length: count }, () => random() * 2 ** 32);
  };
  expect(from(42, 4)).toEqual([1959603763, 2423114712, 2466933512, 4144396390]);
  expect(from(-7, 2)).toEqual([3986084578, 3183441412]);
});

test("fills the unit square evenly", () => {
  const random = seededRandom(1);
  const cells = Array.from({ length: 400 }, () => 0);
  for (let point = 0; point < 40_000; point++) cells[20 * Math.floor(random() * 20) + Math.floor(random() * 20)]! += 1;
  const chiSquare = cells.reduce((sum, count) => sum + (count - 100) ** 2 / 100, 0);
  // 399 degrees of freedom: mean 399, standard deviation 28.
  expect(chiSquare).toBeGreaterThan(399 - 4 * 28);
  expect(chiSquare).toBeLessThan(399 + 4 * 28);
});
