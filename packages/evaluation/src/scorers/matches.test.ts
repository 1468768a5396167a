import { expect, test } from "vitest";
import { answerOf } from "../test-answer.ts";
import { contains } from "./contains.ts";
import { matches } from "./matches.ts";

test("finds a pattern, each time anew", () => {
  const scorer = matches(/\[\d+\]/g);
  for (let time = 0; time < 3; time++) expect(scorer.score(answerOf("See [1].", {}))).toBe(true);
  expect(scorer.score(answerOf("See 1.", {}))).toBe(false);
  const byRow = matches((row: { readonly city?: string }) => (row.city ? new RegExp(row.city, "i") : undefined));
  expect(byRow.score(answerOf("in rome", { city: "Rome" }))).toBe(true);
  expect(byRow.score(answerOf("in rome", {}))).toBeUndefined();
});

test("finds all texts, or any", () => {
  const row = { expected: ["red", "BLUE"] };
  expect(contains().score(answerOf("Red and blue", row))).toBe(true);
  expect(contains().score(answerOf("red", row))).toBe(false);
  expect(contains({ of: "any" }).score(answerOf("red", row))).toBe(true);
  expect(contains({ case: true }).score(answerOf("red and blue", row))).toBe(false);
  expect(contains().score(answerOf("red", {}))).toBeUndefined();
});
