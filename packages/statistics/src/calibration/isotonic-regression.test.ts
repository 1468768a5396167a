import fc from "fast-check";
import { expect, test } from "vitest";
import { isotonicRegression, isotonicValue } from "./isotonic-regression.ts";

function fitted(y: readonly number[], weights?: readonly number[]): number[] {
  const x = y.map((_, place) => place);
  const curve = isotonicRegression({ x, y, ...(weights && { weights }) });
  return x.map((at) => isotonicValue(curve, at));
}

test("R's example of isoreg", () => {
  expect(fitted([1, 0, 4, 3, 3, 5, 4, 2, 0])).toEqual([0.5, 0.5, 3, 3, 3, 3, 3, 3, 3]);
});

test("scikit-learn's example", () => {
  expect(fitted([3, 7, 5, 9, 8, 7, 10])).toEqual([3, 6, 6, 8, 8, 8, 10]);
});

test("a weight counts as that many points", () => {
  expect(fitted([4, 1], [1, 2])).toEqual([2, 2]);
});

test("points of equal x are one, in whatever order they come", () => {
  const curve = isotonicRegression({ x: [2, 1, 2, 3], y: [0, 0.5, 1, 1] });
  expect([1, 2, 3].map((at) => isotonicValue(curve, at))).toEqual([0.5, 0.5, 1]);
});

test("goes straight between corners, and is level beyond the ends", () => {
  const curve = isotonicRegression({ x: [0, 10], y: [0.2, 0.6] });
  expect([-5, 0, 2.5, 10, 99].map((at) => isotonicValue(curve, at))).toEqual([0.2, 0.2, 0.3, 0.6, 0.6]);
  expect(isotonicValue(curve, NaN)).toBeNaN();
});

test("no other curve that never falls is nearer: min–max formula (Barlow et al. 1972)", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 12 }), (y) => {
      const average = (from: number, to: number): number =>
        y.slice(from, to + 1).reduce((sum, value) => sum + value, 0) / (to - from + 1);
      const curve = fitted(y);
      for (const place of y.keys()) {
        let highest = -Infinity;
        for (let from = 0; from <= place; from++) {
          let lowest = Infinity;
          for (let to = place; to < y.length; to++) lowest = Math.min(lowest, average(from, to));
          highest = Math.max(highest, lowest);
        }
        expect(curve[place]).toBeCloseTo(highest, 10);
      }
    }),
  );
});
