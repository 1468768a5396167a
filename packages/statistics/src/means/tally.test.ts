import { expect, test } from "vitest";
import { tallyOf } from "./tally.ts";

test("counts equal values together", () => {
  expect(tallyOf([0, 1, 0.5, 1, 1, 0])).toEqual({ values: [0, 1, 0.5], counts: [2, 3, 1], size: 6, mean: 3.5 / 6 });
});
