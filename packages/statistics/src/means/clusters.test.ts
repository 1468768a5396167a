import { expect, test } from "vitest";
import { clusterCorrection, clustersOf } from "./clusters.ts";

test("adds up what belongs together, wherever it stands", () => {
  expect(clustersOf([1, 2, 3, 4, 5], ["a", "b", "a", 7, "b"])).toEqual([
    { sum: 4, size: 2 },
    { sum: 7, size: 2 },
    { sum: 4, size: 1 },
  ]);
});

test("tells a number from the same digits as text", () => {
  expect(clustersOf([1, 2], [1, "1"])).toHaveLength(2);
});

test("with clusters alike, is G/(G − 1) with G − 1 degrees of freedom", () => {
  const { degrees, factors } = clusterCorrection(Array.from({ length: 8 }, () => ({ sum: 0, size: 5 })));
  expect(degrees).toBeCloseTo(7, 12);
  for (const factor of factors) expect(factor).toBeCloseTo(8 / 7, 12);
});

test("with unequal ones, has the degrees that the matrices of Bell and McCaffrey give", () => {
  // P'P of CR2 in full, by eigenvalues, for sizes 4, 2, 3, 1, 1.
  const sizes = [4, 2, 3, 1, 1];
  expect(clusterCorrection(sizes.map((size) => ({ sum: 0, size }))).degrees).toBeCloseTo(2.97029702970297, 12);
});

test("refuses a single cluster, and keys that do not match", () => {
  expect(() => clustersOf([1, 2], ["a", "a"])).toThrow("`clusters` must name 2 or more clusters; it names 1.");
  expect(() => clustersOf([1, 2], ["a"])).toThrow("`values` and `clusters` must be paired; they hold 2 and 1.");
});
