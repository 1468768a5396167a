import { expect, test } from "vitest";
import { rankingOf } from "./ranking.ts";

test("puts the best first, and keeps the order of equals", () => {
  const results = [
    { index: 2, relevance_score: 0.1 },
    { index: 0, relevance_score: 0.9, document: { text: "x" } },
    { index: 1, relevance_score: 0.1 },
  ];
  expect(rankingOf(results)).toEqual([
    { index: 0, score: 0.9 },
    { index: 2, score: 0.1 },
    { index: 1, score: 0.1 },
  ]);
});

test.each([
  ["nothing", undefined],
  ["an object", {}],
  ["a result that is none", [null]],
  ["a result without a place", [{ relevance_score: 1 }]],
  ["a score in words", [{ index: 0, relevance_score: "high" }]],
])("finds no ranking in %s", (_, results) => {
  expect(rankingOf(results)).toBeUndefined();
});
