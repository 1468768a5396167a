import { expect, test } from "vitest";
import { pairedCounts } from "./paired-counts.ts";

test("counts who was right on which items", () => {
  expect(pairedCounts([1, 1, 0, 1, 0, 0, 1], [1, 0, 0, 1, 1, 1, 1])).toEqual({
    both: 3,
    onlyBaseline: 1,
    onlyCandidate: 2,
    neither: 1,
  });
});

test("knows nothing of graded scores", () => {
  expect(pairedCounts([1, 0.5], [1, 0])).toBeUndefined();
  expect(pairedCounts([1, 0], [1, 0.5])).toBeUndefined();
});
