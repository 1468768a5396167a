import { expect, test } from "vitest";
import { meanInterval } from "../means/mean-interval.ts";
import { seededRandom } from "../random.ts";
import { confidenceSequence } from "./confidence-sequence.ts";
import { Wealth } from "./wealth.ts";

test("holds the truth at every look of nearly all studies: looked at after every value", () => {
  const random = seededRandom(21);
  const studies = 80;
  let wrong = 0;
  for (let study = 0; study < studies; study++) {
    const values: number[] = [];
    for (let value = 0; value < 80; value++) {
      values.push(random() < 0.2 ? 1 : 0);
      const { lower, upper } = confidenceSequence(values);
      if (lower <= 0.2 && upper >= 0.2) continue;
      wrong += 1;
      break;
    }
  }
  // 5 % and three standard errors; an interval for one look is wrong at some look of more than a fourth.
  expect(wrong / studies).toBeLessThan(0.05 + 3 * Math.sqrt((0.05 * 0.95) / studies));
});

test("is wider than an interval for one look, though not by much", () => {
  const values = Array.from({ length: 400 }, (_, place) => (place % 10 < 3 ? 1 : 0));
  const sequence = confidenceSequence(values);
  const once = meanInterval(values, { bounds: [0, 1] });
  const ratio = (sequence.upper - sequence.lower) / (once.upper - once.lower);
  expect(sequence.estimate).toBeCloseTo(0.3, 12);
  expect(ratio).toBeGreaterThan(1.2);
  expect(ratio).toBeLessThan(2);
});

test("its bounds are where bets against less, and against more, have won 2/α", () => {
  const values = [1, 0, 1, 1, 1, 0.5, 1, 1, 0, 1, 1, 1, 1, 0.5, 1, 1];
  const { lower, upper } = confidenceSequence(values, { confidence: 0.9 });
  const [less, more] = [new Wealth(lower), new Wealth(1 - upper)];
  for (const value of values) {
    less.bet(value);
    more.bet(1 - value);
  }
  expect(less.log).toBeCloseTo(Math.log(20), 5);
  expect(more.log).toBeCloseTo(Math.log(20), 5);
});

test("does not depend on the scale, and is the same in the mirror", () => {
  const values = [0, 0.5, 1, 1, 0.25, 1, 1, 0.75, 1];
  const small = confidenceSequence(values);
  const large = confidenceSequence(
    values.map((value) => 3 - 2 * value),
    { bounds: [1, 3] },
  );
  expect(large.lower).toBeCloseTo(3 - 2 * small.upper, 6);
  expect(large.upper).toBeCloseTo(3 - 2 * small.lower, 6);
});

test("knows next to nothing after one value", () => {
  const { lower, upper } = confidenceSequence([1]);
  expect(upper).toBeCloseTo(1, 6);
  expect(lower).toBeLessThan(0.05);
});
