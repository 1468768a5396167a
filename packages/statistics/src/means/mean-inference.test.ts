import { expect, test } from "vitest";
import { inferMean } from "./mean-inference.ts";
import { scoreStatistic } from "./score-statistic.ts";
import { tallyOf } from "./tally.ts";

const values = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5];
const clusters = [0, 0, 0, 0, 1, 1, 2, 2, 2, 3, 4];

test("of independent values, is Student's", () => {
  const { estimate, standardError, degrees, statistic, bounds } = inferMean([1, 2, 3, 4], {});
  expect([estimate, degrees, bounds]).toEqual([2.5, 3, undefined]);
  expect(standardError).toBeCloseTo(Math.sqrt(5 / 3 / 4), 12);
  expect(statistic(2)).toBeCloseTo(0.5 / Math.sqrt(5 / 12), 12);
});

test("of clusters, has the standard error that the matrices of CR2 give", () => {
  const { estimate, standardError, degrees } = inferMean(values, { clusters });
  expect(estimate).toBe(4);
  expect(standardError).toBeCloseTo(1.0146651933250956, 12);
  expect(degrees).toBeCloseTo(2.97029702970297, 12);
});

test("of values within bounds, is the score; of clusters of one each, it is the same", () => {
  const scores = [0, 0.5, 1, 1, 1, 1, 0.5, 1];
  const single = inferMean(scores, { bounds: [0, 1] });
  const alone = inferMean(scores, { bounds: [0, 1], clusters: scores.map((_, place) => place) });
  for (const mean of [0.2, 0.6, 0.75, 0.9, 0.99]) {
    expect(single.statistic(mean)).toBe(scoreStatistic(tallyOf(scores), mean, [0, 1]));
    expect(alone.statistic(mean)).toBeCloseTo(single.statistic(mean), 9);
  }
});

test("is not sure of a mean because all values are the same", () => {
  expect(inferMean([1, 1, 1], {}).statistic(0.9)).toBe(Infinity);
  expect(inferMean([1, 1, 1], {}).statistic(1)).toBe(0);
  // Wilson's z of 3 in 3 against 0.9.
  expect(inferMean([1, 1, 1], { bounds: [0, 1] }).statistic(0.9)).toBeCloseTo(0.1 / Math.sqrt(0.09 / 3), 9);
});
