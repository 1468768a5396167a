import fc from "fast-check";
import { expect, test } from "vitest";
import { studentCdf } from "../distributions/student-t.ts";
import { inferPaired, inferPairedProportions } from "./paired-inference.ts";
import { pairedProportionPValue } from "./paired-proportion-test.ts";

const repeat = (...runs: readonly (readonly [count: number, score: number])[]): number[] =>
  runs.flatMap(([count, score]) => Array.from({ length: count }, () => score));

test("right and wrong answers go by their counts", () => {
  const baseline = repeat([3, 1], [7, 0], [30, 1]);
  const candidate = repeat([3, 0], [7, 1], [30, 1]);
  const inference = inferPaired({ baseline, candidate });
  expect(inference).toMatchObject({ items: 40, estimate: 0.1 });
  expect(inference.pValueAbove(-0.05)).toBe(
    pairedProportionPValue({ items: 40, onlyBaseline: 3, onlyCandidate: 7 }, -0.05),
  );
  // The other direction is the same with the models swapped.
  expect(inference.pValueBelow(0.3)).toBe(
    pairedProportionPValue({ items: 40, onlyBaseline: 7, onlyCandidate: 3 }, -0.3),
  );
});

test("graded scores within bounds go by their score, those without by Student's t", () => {
  const baseline = [0.2, 0.4, 0.9, 0.5, 0.6];
  const candidate = [0.3, 0.4, 0.7, 0.8, 0.9];
  const student = inferPaired({ baseline, candidate, bounds: [0, Infinity] });
  expect(student.pValueAbove(0)).toBeCloseTo(studentCdf(-student.estimate / student.standardError, 4), 12);
  const bounded = inferPaired({ baseline, candidate });
  expect(bounded.estimate).toBeCloseTo(student.estimate, 12);
  expect(bounded.pValueAbove(-0.1)).not.toBeCloseTo(student.pValueAbove(-0.1), 3);
});

test("is not sure that models are alike because few items say so", () => {
  // Three graded items without a difference leave room for nearly anything; a t test would leave none.
  const { lower, upper } = inferPaired({ baseline: [0.5, 0.7, 1], candidate: [0.5, 0.7, 1] }).interval(0.95);
  expect(lower).toBeLessThan(-0.5);
  expect(upper).toBeGreaterThan(0.5);
});

test("clusters make the interval wide as their number, not as that of the items", () => {
  const keys = Array.from({ length: 200 }, (_, place) => place % 10);
  const baseline = keys.map((key) => (key < 5 ? 1 : 0));
  const candidate = keys.map((key) => (key === 1 || key === 7 || key === 8 ? 1 - (key < 5 ? 1 : 0) : key < 5 ? 1 : 0));
  const clustered = inferPaired({ baseline, candidate, clusters: keys }).interval(0.95);
  const alone = inferPaired({ baseline, candidate }).interval(0.95);
  expect(clustered.estimate).toBeCloseTo(alone.estimate, 12);
  expect((clustered.upper - clustered.lower) / (alone.upper - alone.lower)).toBeGreaterThan(3);
});

test("items repeated are no more items: as clusters, they say what one of each says", () => {
  const baseline = [0.5, 0.7, 0.2, 1, 0.4, 0.9, 0.6];
  const candidate = [0.5, 0.9, 0.1, 1, 0.4, 0.9, 0.9];
  const thrice = (values: readonly number[]): number[] => values.flatMap((value) => [value, value, value]);
  const once = inferPaired({ baseline, candidate }).interval(0.95);
  const repeated = inferPaired({
    baseline: thrice(baseline),
    candidate: thrice(candidate),
    clusters: thrice(baseline.map((_, item) => item)),
  }).interval(0.95);
  expect(repeated.lower).toBeCloseTo(once.lower, 6);
  expect(repeated.upper).toBeCloseTo(once.upper, 6);
});

test("an interval and the p-value at a line never disagree", () => {
  const count = fc.nat(40);
  const line = fc.double({ min: -0.3, max: 0.3, noNaN: true });
  fc.assert(
    fc.property(fc.integer({ min: 20, max: 150 }), count, count, line, (ties, onlyBaseline, onlyCandidate, hinge) => {
      const items = ties + onlyBaseline + onlyCandidate;
      const inference = inferPairedProportions({ items, onlyBaseline, onlyCandidate });
      const { estimate, lower, upper } = inference.interval(0.9, [hinge]);
      expect(lower).toBeLessThanOrEqual(estimate);
      expect(upper).toBeGreaterThanOrEqual(estimate);
      expect(hinge >= estimate || lower >= hinge === inference.pValueAbove(hinge) <= 0.05).toBe(true);
      expect(hinge <= estimate || upper <= hinge === inference.pValueBelow(hinge) <= 0.05).toBe(true);
    }),
    { numRuns: 30 },
  );
});
