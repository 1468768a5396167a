import { describe, expect, test } from "vitest";
import { krippendorffAlpha } from "./krippendorff-alpha.ts";

describe("Krippendorff, Computing Krippendorff's alpha-reliability, 2011: 4 observers, 12 units, some not judged", () => {
  const none = NaN;
  const observers = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, none, none, none],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, none, 3],
    [none, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, none],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, none],
  ];
  const units = observers[0]!.map((_, unit) =>
    observers.map((labels) => labels[unit]!).filter((label) => !Number.isNaN(label)),
  );

  test.each([
    ["nominal", 0.743],
    ["ordinal", 0.815],
    ["interval", 0.849],
  ] as const)("%s: %d", (level, expected) => {
    const { estimate, lower, upper } = krippendorffAlpha(units, { level });
    expect(estimate).toBeCloseTo(expected, 3);
    expect(lower).toBeLessThan(expected);
    expect(upper).toBeGreaterThan(expected);
  });
});

test("his example of two observers and binary labels: 0.095", () => {
  const first = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0];
  const second = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0];
  expect(krippendorffAlpha(first.map((label, unit) => [label, second[unit]!])).estimate).toBeCloseTo(0.095, 3);
});

test("is 1 where all agree, and below 0 where they agree less than by chance", () => {
  expect(krippendorffAlpha([[1, 1], [2, 2], [3, 3, 3]]).estimate).toBe(1); // prettier-ignore
  expect(krippendorffAlpha([[0, 1], [1, 0], [0, 1]]).estimate).toBeLessThan(0); // prettier-ignore
});

test("a label that stands alone does not count", () => {
  const judged = [[1, 1], [2, 2], [1, 2], [3, 3, 3]]; // prettier-ignore
  expect(krippendorffAlpha([[7], ...judged, []])).toEqual(krippendorffAlpha(judged));
});
