import { expect, test } from "vitest";
import { differenceText, figureText, rangeText } from "./words.ts";

test.each([
  [0.8254, "share", "82.5 %"],
  [840, "milliseconds", "840 ms"],
  [1234, "milliseconds", "1.23 s"],
  [171_258, "nano-dollars", "$0.000171"],
  [2_604_623_394_648, "nano-dollars", "$2,600"],
  [512.4, "tokens", "512 tokens"],
  [Infinity, "milliseconds", "∞"],
] as const)("%d %s is %s", (value, unit, text) => {
  expect(figureText(value, unit)).toBe(text);
});

test.each([
  [-0.0123, { unit: "share", relative: false }, "−1.2 points"],
  [0.00001, { unit: "share", relative: false }, "0.0 points"],
  [-0.00001, { unit: "milliseconds", relative: true }, "0.0 %"],
  [0.041, { unit: "nano-dollars", relative: true }, "+4.1 %"],
  [-1500, { unit: "milliseconds", relative: false }, "−1.5 s"],
  [-2000, { unit: "nano-dollars", relative: false }, "−$0.000002"],
  [Infinity, { unit: "milliseconds", relative: true }, "+∞"],
] as const)("a difference of %d is %o %s", (value, terms, text) => {
  expect(differenceText(value, terms)).toBe(text);
});

test("names the unit of a range once, unless its ends have different ones", () => {
  const range = (lower: number, upper: number): string =>
    rangeText({ estimate: lower, lower, upper, confidence: 0.9 }, (value) => figureText(value, "milliseconds"));
  expect(range(487, 547)).toBe("487 to 547 ms");
  expect(range(932, 1070)).toBe("932 ms to 1.07 s");
});
