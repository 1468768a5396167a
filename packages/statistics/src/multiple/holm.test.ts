import fc from "fast-check";
import { expect, test } from "vitest";
import { holm } from "./holm.ts";

test('adjusts as R\'s p.adjust(…, "holm") does', () => {
  const adjusted = holm([0.01, 0.04, 0.03, 0.005]);
  for (const [place, expected] of [0.03, 0.06, 0.06, 0.02].entries()) expect(adjusted[place]).toBeCloseTo(expected, 12);
  expect(holm([0.01, 0.04, 0.03])).toEqual([0.03, 0.06, 0.06]);
});

test("rejects what Holm's procedure rejects: from the smallest on, until one is above its share of the level", () => {
  const pValues = fc.array(fc.double({ min: 0, max: 0.2, noNaN: true }), { maxLength: 12 });
  fc.assert(
    fc.property(pValues, (pValues) => {
      const adjusted = holm(pValues);
      let open = true;
      const order = pValues.map((_, place) => place).toSorted((left, right) => pValues[left]! - pValues[right]!);
      for (const [rank, place] of order.entries()) {
        open &&= pValues[place]! * (pValues.length - rank) <= 0.05;
        expect(adjusted[place]! <= 0.05).toBe(open);
      }
    }),
  );
});

test("never goes above 1, and nothing comes of nothing", () => {
  expect(holm([0.9, 0.8])).toEqual([1, 1]);
  expect(holm([])).toEqual([]);
});
