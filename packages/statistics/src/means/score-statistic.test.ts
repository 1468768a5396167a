import fc from "fast-check";
import { expect, test } from "vitest";
import { tangoScore } from "../paired/paired-proportion-test.ts";
import { scoreStatistic } from "./score-statistic.ts";
import { tallyOf } from "./tally.ts";

const rate = fc.double({ min: 0.01, max: 0.99, noNaN: true });

test("of 0 and 1, is Wilson's: the spread is that of the hypothesis", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), fc.nat(60), rate, (size, wins, mean) => {
      const values = Array.from({ length: size }, (_, place) => (place < wins ? 1 : 0));
      const tally = tallyOf(values);
      const wilson = (tally.mean - mean) / Math.sqrt((mean * (1 - mean)) / size);
      expect(scoreStatistic(tally, mean, [0, 1])).toBeCloseTo(wilson, 6);
    }),
  );
});

test("of −1, 0 and 1, is Tango's", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 25 }),
      fc.integer({ min: 1, max: 25 }),
      fc.nat(60),
      fc.double({ min: -0.9, max: 0.9, noNaN: true }),
      (losses, wins, ties, difference) => {
        const tally = { values: [-1, 0, 1], counts: [losses, ties, wins], size: losses + ties + wins, mean: 0 };
        const mean = (wins - losses) / tally.size;
        const score = scoreStatistic({ ...tally, mean }, difference, [-1, 1]);
        expect(score).toBeCloseTo(tangoScore(tally.size, losses, wins, difference), 5);
      },
    ),
  );
});

test("takes the spread of the likeliest distribution: no other with the mean explains the values better", () => {
  // Scores 0.5 (6 times) and 1 (4 times) against a mean of 0.6, with 0 as the bound that was not seen. Weights on a grid.
  const [size, mean] = [10, 0.6];
  let best = { likelihood: -Infinity, variance: 0 };
  for (let zero = 0; zero < 0.5; zero += 0.0001) {
    // Σw = 1 and Σwx = mean leave one choice.
    const one = 2 * mean - 1 + zero;
    const half = 1 - zero - one;
    if (one < 0 || half < 0) continue;
    const likelihood = 6 * Math.log(half) + 4 * Math.log(one);
    const variance = zero * mean ** 2 + half * (0.5 - mean) ** 2 + one * (1 - mean) ** 2;
    if (likelihood > best.likelihood) best = { likelihood, variance };
  }
  const tally = { values: [0.5, 1], counts: [6, 4], size, mean: 0.7 };
  const expected = (Math.sqrt(size) * 0.1) / Math.sqrt(best.variance);
  expect(scoreStatistic(tally, mean, [0, 1])).toBeCloseTo(expected, 3);
});

test("is the same in the mirror, and infinite at a bound that leaves no room", () => {
  const values = [0.2, 0.9, 0.9, 1, 0.4];
  const mirrored = tallyOf(values.map((value) => 1 - value));
  for (const mean of [0.1, 0.5, 0.68, 0.8, 0.95])
    expect(scoreStatistic(mirrored, 1 - mean, [0, 1])).toBeCloseTo(-scoreStatistic(tallyOf(values), mean, [0, 1]), 8);
  expect(scoreStatistic(tallyOf(values), 0, [0, 1])).toBe(Infinity);
  expect(scoreStatistic(tallyOf(values), 1, [0, 1])).toBe(-Infinity);
});
