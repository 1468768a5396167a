import { expect, test } from "vitest";
import { rankingOf } from "./ranking.ts";

const unreadable = (how: string): Error => new Error(how);

test("puts the best first, and keeps the order of equals", () => {
  const results = [
    { index: 2, relevance_score: 0.1 },
    { index: 0, relevance_score: 0.9, document: { text: "x" } },
    { index: 1, score: 0.1 },
  ];
  expect(rankingOf(results, unreadable)).toEqual([
    { index: 0, score: 0.9 },
    { index: 2, score: 0.1 },
    { index: 1, score: 0.1 },
  ]);
});

test.each([
  ["it has no `results`", undefined],
  ["it has no `results`", {}],
  ["`results[0]` is not an object", [null]],
  ["`results[0].index` is no place in the documents", [{ relevance_score: 1 }]],
  [
    "`results[1]` has no score",
    [
      { index: 0, score: 1 },
      { index: 0, relevance_score: "high" },
    ],
  ],
])("says what is wrong where there is no ranking: %s (%j)", (how, results) => {
  expect(() => rankingOf(results, unreadable)).toThrow(how);
});
