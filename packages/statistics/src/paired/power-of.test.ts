import fc from "fast-check";
import { expect, test } from "vitest";
import { itemsToDecide } from "./items-to-decide.ts";
import { powerOf } from "./power-of.ts";

test("is the inverse of the number of items", () => {
  const share = fc.double({ min: 0.05, max: 0.95, noNaN: true });
  fc.assert(
    fc.property(share, share, share, (deviation, hypothesis, power) => {
      const plan = { distance: 0.02, deviation, deviationUnderHypothesis: hypothesis };
      const items = itemsToDecide({ ...plan, power });
      fc.pre(items > 1);
      expect(powerOf({ ...plan, items })).toBeGreaterThanOrEqual(power - 1e-9);
      expect(powerOf({ ...plan, items: items - 1 })).toBeLessThan(power);
    }),
  );
});

test("on the line, is the level", () => {
  expect(powerOf({ items: 500, distance: 0, deviation: 0.4 })).toBeCloseTo(0.05, 12);
  expect(powerOf({ items: 500, distance: 0, deviation: 0.4, confidence: 0.975 })).toBeCloseTo(0.025, 12);
});

test("beyond the line, is below the level", () => {
  expect(powerOf({ items: 500, distance: -0.02, deviation: 0.4 })).toBeLessThan(0.01);
});
