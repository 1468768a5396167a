import { expect, test } from "vitest";
import { seededRandom } from "../random.ts";
import { plattProbability, plattScaling } from "./platt-scaling.ts";

test("comes to what LIBSVM comes to (as scikit-learn's test of sigmoid calibration has it)", () => {
  // There P = 1 / (1 + e^(A s + B)), with A = −0.2026 and B = 0.6524.
  const { slope, intercept } = plattScaling([5, -4, 1], [1, 0, 0]);
  expect(slope).toBeCloseTo(0.20261354391187855, 4);
  expect(intercept).toBeCloseTo(-0.6523631498001051, 4);
});

test("finds the curve that labels were drawn from", () => {
  const random = seededRandom(5);
  const scores = Array.from({ length: 10_000 }, () => 6 * random() - 3);
  const labels = scores.map((score) => (random() < 1 / (1 + Math.exp(-(1.5 * score - 0.7))) ? 1 : 0));
  const curve = plattScaling(scores, labels);
  expect(curve.slope).toBeCloseTo(1.5, 1);
  expect(curve.intercept).toBeCloseTo(-0.7, 1);
  expect(plattProbability(curve, 1)).toBeCloseTo(1 / (1 + Math.exp(-0.8)), 1);
});

test("is never certain, however well scores tell", () => {
  const scores = [-3, -2, -1, 1, 2, 3];
  const curve = plattScaling(scores, [0, 0, 0, 1, 1, 1]);
  // Platt's targets are 4/5 and 1/5.
  expect(plattProbability(curve, 3)).toBeLessThan(0.95);
  expect(plattProbability(curve, -3)).toBeGreaterThan(0.05);
});

test("of scores that say nothing, gives the rate; of labels all the same, stays below 1", () => {
  const curve = plattScaling([3, 3, 3, 3], [1, 0, 1, 1]);
  // The mean of the targets: (3 · 4/5 + 1/3) / 4.
  expect(plattProbability(curve, 3)).toBeCloseTo((2.4 + 1 / 3) / 4, 6);
  const sure = plattScaling([1, 2, 3], [1, 1, 1]);
  expect(plattProbability(sure, 2)).toBeCloseTo(0.8, 6);
});

test("copes with scores of any scale", () => {
  const labels = [0, 0, 1, 0, 1, 1];
  const small = plattScaling([1, 2, 3, 4, 5, 6], labels);
  const large = plattScaling([1e6, 2e6, 3e6, 4e6, 5e6, 6e6], labels);
  expect(large.slope * 1e6).toBeCloseTo(small.slope, 6);
  expect(large.intercept).toBeCloseTo(small.intercept, 6);
});
