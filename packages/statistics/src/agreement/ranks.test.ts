import { expect, test } from "vitest";
import { ranksOf } from "./ranks.ts";

test("ranks by size, from 1, and shares the ranks of equals", () => {
  expect(ranksOf([30, 10, 20, 10, 40, 10])).toEqual([5, 2, 4, 2, 6, 2]);
  expect(ranksOf([5, 5])).toEqual([1.5, 1.5]);
  expect(ranksOf([])).toEqual([]);
});
