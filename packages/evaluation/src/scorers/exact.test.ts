import { expect, test } from "vitest";
import { answerOf } from "../test-answer.ts";
import { exact } from "./exact.ts";

test.each([
  ["Paris", "Paris", true],
  ["  Paris\n", "Paris", true],
  ["paris", "Paris", false],
  ["Rome", ["Paris", "Rome"], true],
  ["4", 4, true],
  ['{"a":1}', { a: 1 }, true],
  ["Paris", undefined, undefined],
  ["", null, undefined],
])("of %j where %j is expected: %j", (text, expected, score) => {
  expect(exact().score(answerOf(text, { expected }))).toBe(score);
});

test("reads what is expected from where it is told", () => {
  const byAnswer = exact({ expected: (row: { readonly answer: string }) => row.answer });
  expect(byAnswer.score(answerOf("Paris", { answer: "Paris" }))).toBe(true);
});

test("compares an expected object with the answer's JSON as values, to the last of them", () => {
  const row = { expected: { urgency: "high", tags: ["a"] } };
  const said = (text: string): unknown => exact().score(answerOf(text, row));
  expect(said('{ "tags": ["a"], "urgency": "high" }')).toBe(true);
  expect(said('{"urgency":"high","tags":["a"],"more":1}')).toBe(false);
  expect(said("high")).toBe(false);
  expect(exact().score(answerOf('{"a": 2}', { expected: [{ a: 1 }, { a: 2 }] }))).toBe(true);
});
