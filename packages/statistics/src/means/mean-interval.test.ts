import fc from "fast-check";
import { expect, test } from "vitest";
import { proportionInterval } from "../proportions/proportion-interval.ts";
import { meanInterval } from "./mean-interval.ts";

test("Student's own example: hours of sleep gained (Student 1908; R's t.test on `sleep`)", () => {
  const gained = [1.2, 2.4, 1.3, 1.3, 0, 1, 1.8, 0.8, 4.6, 1.4];
  const { estimate, lower, upper, confidence } = meanInterval(gained);
  expect(estimate).toBeCloseTo(1.58, 12);
  expect(lower).toBeCloseTo(0.7001142367230174, 9);
  expect(upper).toBeCloseTo(2.4598857632769824, 9);
  expect(confidence).toBe(0.95);
});

test("of clusters alike, is Student's of their means", () => {
  const means = [0.2, 0.5, 0.9, 0.4, 0.7, 0.6];
  const values = means.flatMap((mean) => [mean - 0.1, mean, mean + 0.1]);
  const clustered = meanInterval(values, { clusters: values.map((_, place) => Math.floor(place / 3)) });
  const expected = meanInterval(means);
  expect(clustered.lower).toBeCloseTo(expected.lower, 10);
  expect(clustered.upper).toBeCloseTo(expected.upper, 10);
});

test("of unequal clusters, is what the matrices of CR2 and scipy's t give", () => {
  const { lower, upper } = meanInterval([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5], {
    clusters: ["a", "a", "a", "a", "b", "b", "c", "c", "c", "d", "e"],
  });
  expect(lower).toBeCloseTo(0.7525376193901976, 9);
  expect(upper).toBeCloseTo(7.247462380609802, 9);
});

test("of right and wrong answers within bounds, is Wilson's", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 80 }),
      fc.nat(80),
      fc.constantFrom(0.8, 0.95, 0.99),
      (size, wins, confidence) => {
        const values = Array.from({ length: size }, (_, place) => (place < wins ? 1 : 0));
        const interval = meanInterval(values, { bounds: [0, 1], confidence });
        const wilson = proportionInterval(Math.min(size, wins), size, { confidence });
        expect(interval.lower).toBeCloseTo(wilson.lower, 6);
        expect(interval.upper).toBeCloseTo(wilson.upper, 6);
      },
    ),
    { numRuns: 60 },
  );
});

test("does not depend on the scale", () => {
  const scores = [0, 0.5, 1, 1, 0.25, 1];
  const small = meanInterval(scores, { bounds: [0, 1] });
  const large = meanInterval(
    scores.map((score) => 20 + 10 * score),
    { bounds: [20, 30] },
  );
  expect(large.lower).toBeCloseTo(20 + 10 * small.lower, 7);
  expect(large.upper).toBeCloseTo(20 + 10 * small.upper, 7);
  expect(small.estimate).toBeCloseTo(0.625, 12);
});

test("stays within the bounds, and leaves doubt where all values are the same", () => {
  const { lower, upper } = meanInterval([1, 1, 1, 1, 1], { bounds: [0, 1], clusters: [1, 1, 2, 2, 3] });
  expect(upper).toBe(1);
  // As of 3 independent values, more or less: Wilson's of 3 in 3 is 0.44.
  expect(lower).toBeGreaterThan(0.3);
  expect(lower).toBeLessThan(0.7);
  expect(meanInterval([2, 2, 2])).toMatchObject({ lower: 2, upper: 2 });
});
