import { expect, test } from "vitest";
import { pairFigures } from "./pair-figures.ts";
import type { Replay } from "./replay.ts";

/** A replay of a pair, the first of which is the reference, by the scores of each item and the gain that was expected. */
function replayOf(
  items: readonly { readonly scores: readonly [number, number]; readonly gain: number; readonly fold?: number }[],
): Replay {
  const none = new Float64Array();
  return {
    items: items.map((_, item) => ({
      item: `${item}`,
      text: "",
      segments: {},
      cluster: `${item}`,
      results: new Map(),
    })),
    models: ["better", "cheaper"],
    reference: 0,
    foldOf: Int32Array.from(items, ({ fold = 0 }) => fold),
    folds: 1 + Math.max(...items.map(({ fold = 0 }) => fold)),
    expected: items.map(({ gain }) => ({ quality: [gain, 0], cost: [1, 0] })),
    scores: Float64Array.from(items.flatMap(({ scores }) => scores)),
    costs: none,
    prices: [],
    gotScores: none,
    gotCosts: none,
    shares: none,
    calls: none,
  };
}

test("is figured as by hand", () => {
  // The one item that is gained comes second of four: 0 after the first quarter of calls, 1 after the second. The area is 0 + 1/8 + 1/4 + 1/4.
  const replay = replayOf([
    { scores: [1, 1], gain: 0.4 },
    { scores: [1, 0], gain: 0.3 },
    { scores: [0, 0], gain: 0.2 },
    { scores: [1, 1], gain: 0.1 },
  ]);
  const { apgr, cpt50, cpt80, oracle } = pairFigures(replay)!;
  expect(apgr.estimate).toBeCloseTo(0.625, 12);
  expect(cpt50).toBeCloseTo(0.375, 12);
  expect(cpt80).toBeCloseTo(0.45, 12);
  expect(oracle).toBeCloseTo(0.875, 12);
});

test("goes beyond the gap where the cheaper is better on some", () => {
  // Gained 2 of a gap of 1, then 1 is lost again: areas of thirds, (0 + 1) / 2, (1 + 2) / 2 and (2 + 1) / 2.
  const replay = replayOf([
    { scores: [1, 0], gain: 3 },
    { scores: [1, 0], gain: 2 },
    { scores: [0, 1], gain: 1 },
  ]);
  expect(pairFigures(replay)!.apgr.estimate).toBeCloseTo((0.5 + 1.5 + 1.5) / 3, 12);
});

test("lets chance decide among those of the same expectation", () => {
  const replay = replayOf([
    { scores: [1, 0], gain: 1 },
    { scores: [0, 0], gain: 1 },
  ]);
  expect(pairFigures(replay)).toMatchObject({ apgr: { estimate: 0.5 }, cpt50: 0.5, cpt80: 0.8 });
});

test("compares items within their fold", () => {
  // All that is expected of the second fold is higher than of the first: that says nothing of the items.
  const replay = replayOf([
    { scores: [1, 0], gain: 0.2, fold: 0 },
    { scores: [0, 0], gain: 0.1, fold: 0 },
    { scores: [1, 0], gain: 0.9, fold: 1 },
    { scores: [0, 0], gain: 0.8, fold: 1 },
  ]);
  expect(pairFigures(replay)!.apgr.estimate).toBeCloseTo(0.75, 12);
});

test("is of two models, the reference the better", () => {
  expect(pairFigures(replayOf([{ scores: [0, 1], gain: 1 }]))).toBeUndefined();
  expect(pairFigures({ ...replayOf([{ scores: [1, 0], gain: 1 }]), models: ["a", "b", "c"] })).toBeUndefined();
});
