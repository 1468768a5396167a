import fc from "fast-check";
import { expect, test } from "vitest";
import { answerOf } from "../test-answer.ts";
import { numbersIn, numeric } from "./numeric.ts";

test.each([
  ["So it is 42.", 42, true],
  ["5 + 7 = 12", 12, true],
  ["It costs $1,234.50!", "1234.5", true],
  ["1 234 567 people", 1_234_567, true],
  ["minus: -3", -3, true],
  ["−3 degrees", -3, true],
  ["a loss of -$20", -20, true],
  ["6.02e23 per mole", 6.02e23, true],
  ["3/4", 0.75, true],
  ["50 %", 0.5, true],
  ["50 %", "50%", true],
  ["50", "50%", false],
  ["version2", 2, false],
  ["41", 42, false],
  ["nothing", 42, false],
])("of %j where %j is expected: %j", (text, expected, score) => {
  expect(numeric().score(answerOf(text, { expected }))).toBe(score);
});

test("is as strict as it is told", () => {
  expect(numeric({ tolerance: 0.5 }).score(answerOf("10.4", { expected: 10 }))).toBe(true);
  expect(numeric({ tolerance: 0.5 }).score(answerOf("10.6", { expected: 10 }))).toBe(false);
  expect(numeric({ relative: 0.01 }).score(answerOf("1009", { expected: 1000 }))).toBe(true);
  expect(numeric({ relative: 0.01 }).score(answerOf("1011", { expected: 1000 }))).toBe(false);
  expect(numeric({ pick: "first" }).score(answerOf("12 eggs in 2 boxes", { expected: 12 }))).toBe(true);
  expect(numeric().score(answerOf("12", { expected: [11, 12] }))).toBe(true);
});

test("says so where what is expected is no number", () => {
  expect(() => numeric().score(answerOf("1", { expected: "about ten" }))).toThrow("`expected` must be a number");
  expect(numeric().score(answerOf("1", {}))).toBeUndefined();
});

test("reads back any number that is written as people write them", () => {
  fc.assert(
    fc.property(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: 0, max: 999 }), (whole, thousandths) => {
      const number = Number(`${whole}.${String(thousandths).padStart(3, "0")}`);
      const text = `The result is ${number.toLocaleString("en-US", { minimumFractionDigits: 3 })}.`;
      expect(numbersIn(text).map(({ value }) => value)).toStrictEqual([number === 0 ? Math.abs(number) : number]);
    }),
  );
});
