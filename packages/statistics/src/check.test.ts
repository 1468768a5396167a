import { describe, expect, test } from "vitest";
import {
  checkBounds,
  checkCount,
  checkMargin,
  checkNumber,
  checkOneSided,
  checkPaired,
  checkPositive,
  checkShare,
  checkValues,
} from "./check.ts";

describe("refuses, in a sentence that names the argument and what is accepted,", () => {
  test.each([
    ["a share of 0", () => checkShare("power", 0), "`power` must be between 0 and 1; it is 0."],
    ["a share that is no number", () => checkShare("power", NaN), "`power` must be between 0 and 1; it is NaN."],
    [
      "less than even odds",
      () => checkOneSided("confidence", 0.4),
      "`confidence` must be from 0.5 to below 1; it is 0.4.",
    ],
    ["certainty", () => checkOneSided("confidence", 1), "`confidence` must be from 0.5 to below 1; it is 1."],
    ["nothing", () => checkPositive("weight", 0), "`weight` must be a finite number above 0; it is 0."],
    [
      "what has no end",
      () => checkPositive("weight", Infinity),
      "`weight` must be a finite number above 0; it is Infinity.",
    ],
    ["too small a number", () => checkNumber("risk", -1, 0), "`risk` must be a number of at least 0; it is -1."],
    ["too large a number", () => checkNumber("q", 2, 0, 1), "`q` must be a number from 0 to 1; it is 2."],
    [
      "a number that is none",
      () => checkNumber("loss", NaN, -Infinity, 1),
      "`loss` must be a number of at most 1; it is NaN.",
    ],
    ["part of a count", () => checkCount("items", 1.5, 0), "`items` must be a whole number of at least 0; it is 1.5."],
    ["too large a count", () => checkCount("wins", 9, 0, 3), "`wins` must be a whole number from 0 to 3; it is 9."],
    ["too few values", () => checkValues("values", [], 2), "`values` must hold 2 or more; it holds 0."],
    [
      "a hole among values",
      () => checkValues("values", [1, NaN], 2),
      "`values[1]` must be a finite number; it is NaN.",
    ],
    [
      "a value out of range",
      () => checkValues("x", [0, 3], 2, [0, 1]),
      "`x[1]` must be a number from 0 to 1; it is 3.",
    ],
    ["bounds that go down", () => checkBounds([1, 0]), "`bounds` must go upwards; they are 1 and 0."],
    ["bounds without a number", () => checkBounds([NaN, 0]), "`bounds` must go upwards; they are NaN and 0."],
    [
      "a margin that allows everything",
      () => checkMargin(1, [0, 1]),
      "`margin` must be from 0 to below 1, which is all that scores can differ; it is 1.",
    ],
    ["what is not paired", () => checkPaired("a", [1], "b", []), "`a` and `b` must be paired; they hold 1 and 0."],
  ])("%s", (_, check, message) => {
    expect(check).toThrow(new RangeError(message));
  });
});

test("lets pass what stands on the line", () => {
  checkOneSided("confidence", 0.5);
  checkNumber("q", 0, 0, 1);
  checkCount("wins", 3, 0, 3);
  checkValues("x", [0, 1], 2, [0, 1]);
  checkMargin(0, [0, 1]);
  checkMargin(1e9, [0, Infinity]);
  expect(() => checkPaired("a", [1], "b", [2])).not.toThrow();
});
