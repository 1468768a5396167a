import { expect, test } from "vitest";
import { operatingPoints } from "./operating-points.ts";
import type { Replay } from "./replay.ts";

const [count, folds] = [200, 5];

/** A large model that is right on 80 % of items, a small one on 40 %; at each price, so many items more or fewer are right than the large has. */
function replayOf(differences: readonly number[], costs: readonly number[]): Replay {
  // Items of a fold alternate evenly, so that every fold has the same share of each kind.
  const large = Array.from({ length: count }, (_, item) => (Math.floor(item / folds) % 5 < 4 ? 1 : 0));
  const small = Array.from({ length: count }, (_, item) => (Math.floor(item / folds) % 5 < 2 ? 1 : 0));
  const gotScores = differences.flatMap((difference) => {
    const scores: number[] = [...large];
    for (let left = Math.abs(difference), item = 0; left > 0; item++) {
      const from = difference > 0 ? 0 : 1;
      if (scores[item] !== from) continue;
      scores[item] = 1 - from;
      left--;
    }
    return scores;
  });
  return {
    items: large.map((_, item) => ({
      item: `${item}`,
      text: "",
      segments: {},
      cluster: `${item}`,
      results: new Map(),
    })),
    models: ["large", "small"],
    reference: 0,
    foldOf: Int32Array.from(large, (_, item) => item % folds),
    folds,
    expected: [],
    scores: Float64Array.from({ length: count * 2 }, (_, place) => (place % 2 === 0 ? large : small)[place >> 1]!),
    costs: Float64Array.from({ length: count * 2 }, (_, place) => (place % 2 === 0 ? 100 : 0)),
    prices: differences.map((_, at) => at),
    gotScores: Float64Array.from(gotScores),
    gotCosts: Float64Array.from(
      { length: count * differences.length },
      (_, place) => costs[Math.floor(place / count)]!,
    ),
    shares: new Float64Array(),
    calls: new Float64Array(),
  };
}

test("do not take a lone peak of the curve for what can be saved", () => {
  const [, peaked] = operatingPoints(replayOf([0, -10, -10, 5, -10], [100, 80, 60, 40, 20]), 1);
  expect(peaked.saving).toBe(0);
  const [, steady] = operatingPoints(replayOf([0, 5, 5, 5, -10], [100, 80, 60, 40, 20]), 1);
  expect(steady.saving).toBeCloseTo(0.6, 10);
});

test("send requests to two models by chance where the policy saves less than that", () => {
  // 95 % of 0.8 is 0.76: one request in ten to the small model, which is right on 0.4.
  const [, expected] = operatingPoints(replayOf([0, -40], [100, 95]), 0.95);
  expect(expected.saving).toBeCloseTo(0.1, 2);
  expect(expected.margin.estimate).toBeCloseTo(0, 2);
  const [, better] = operatingPoints(replayOf([0, -4], [100, 50]), 0.95);
  expect(better.saving).toBeCloseTo(0.5, 10);
});

test("do not use a policy that is not shown to tell requests apart better than chance", () => {
  // At 88 it has 0.77, where chance has 0.752: of 200 items that is noise, though it reaches the target and saves more.
  const [, expected] = operatingPoints(replayOf([0, -6], [100, 88]), 0.95);
  expect(expected.saving).toBeCloseTo(0.1, 2);
});
