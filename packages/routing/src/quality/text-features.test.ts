import fc from "fast-check";
import { expect, test } from "vitest";
import { surfaceNames, textFeatures } from "./text-features.ts";

const bits = 12;

function figure(text: string, name: (typeof surfaceNames)[number]): number {
  return textFeatures(text, bits).surface[surfaceNames.indexOf(name)]!;
}

test("counts words and pairs of words, each bucket once", () => {
  const { buckets, counts } = textFeatures("to be or not to be", 16);
  expect(buckets.length).toBe(4 + 4); // to, be, or, not; to-be, be-or, or-not, not-to
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(6 + 5);
});

test("takes no account of case, but reads it on the surface", () => {
  expect(textFeatures("The Sky", bits).buckets).toEqual(textFeatures("the sky", bits).buckets);
  expect(figure("THE", "capitals")).toBe(1);
});

test("takes numbers of the same length for the same word", () => {
  expect(textFeatures("buy 12 eggs", bits).buckets).toEqual(textFeatures("buy 47 eggs", bits).buckets);
  expect(textFeatures("buy 12 eggs", bits).buckets).not.toEqual(textFeatures("buy 1234 eggs", bits).buckets);
});

test("sees sentences, numbers and words that quantify or deny", () => {
  const text = "He has 3 eggs. Each costs 25 cents. How many can he not buy?";
  expect(figure(text, "sentences")).toBeCloseTo(Math.log(3));
  expect(figure(text, "numbers")).toBeCloseTo(Math.log1p(2));
  expect(figure(text, "greatest number")).toBeCloseTo(Math.log1p(25));
  expect(figure(text, "quantifiers")).toBeCloseTo(Math.log1p(1));
  expect(figure(text, "negations")).toBeCloseTo(Math.log1p(1));
});

test("reads any text to finite figures and buckets within their number", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 400 }), (text) => {
      const { buckets, surface } = textFeatures(text, bits);
      expect(surface.every(Number.isFinite)).toBe(true);
      expect(buckets.every((bucket) => bucket < 1 << bits)).toBe(true);
      expect(new Set(buckets).size).toBe(buckets.length);
    }),
  );
});

test("looks at the beginning and the end of a text that is too long", () => {
  const middle = "filler ".repeat(10_000);
  const all = textFeatures(`begin ${middle} end`, 16);
  expect(all.counts.reduce((sum, count) => sum + count, 0)).toBeLessThan(6000);
  const [word] = textFeatures("end", 16).buckets;
  expect(all.buckets).toContain(word);
});
