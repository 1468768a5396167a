import fc from "fast-check";
import { expect, test } from "vitest";
import { answerOf } from "../test-answer.ts";
import { normalise, normalised } from "./normalised.ts";

test.each([
  ["The answer: **Paris**!", "answer paris", true],
  ["Cafe\u0301", "café", true],
  ["$1,234.50", "$ 1,234.50", true],
  ["1.5", "15", false],
  ["-3", "3", false],
  ["12 %", "12", false],
  ["don’t know", "don't know", true],
  ["Rome", "Paris", false],
])("%j against %j: %j", (text, expected, score) => {
  expect(normalised().score(answerOf(text, { expected }))).toBe(score);
});

test("is the same when done twice", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      expect(normalise(normalise(text))).toBe(normalise(text));
    }),
  );
});
