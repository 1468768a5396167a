import { expect, test } from "vitest";
import { vectorOf, vectorsOf } from "./vectors.ts";

test("takes lists of numbers for vectors, and nothing else", () => {
  expect(vectorOf([1, 0.5])).toEqual([1, 0.5]);
  expect(vectorsOf([[1], []])).toEqual([[1], []]);
  for (const other of [undefined, null, "AAAA", {}, ["1"], [null]]) expect(vectorOf(other)).toBeUndefined();
  for (const other of [undefined, null, "AAAA", {}, [1], [["1"]], [[1], null]])
    expect(vectorsOf(other)).toBeUndefined();
});
