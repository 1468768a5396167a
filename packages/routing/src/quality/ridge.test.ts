import { seededRandom } from "@plugboard/statistics";
import { expect, test } from "vitest";
import type { Row } from "./design.ts";
import { product, ridge, ridgeMatrix } from "./ridge.ts";
import { surfaceNames } from "./text-features.ts";

const space = 8;

function rowOf(weights: Readonly<Record<number, number>>): Row {
  const buckets = Uint32Array.from(Object.keys(weights), Number);
  return {
    buckets,
    weights: Float32Array.from(Object.values(weights)),
    surface: new Float64Array(surfaceNames.length),
  };
}

test("solves the normal equations of two words and two targets", () => {
  // X = [[1, 0], [1, 1], [0, 2]], penalty 1: X'X + I = [[3, 1], [1, 6]], whose inverse is [[6, -1], [-1, 3]] / 17.
  const rows = [rowOf({ 3: 1 }), rowOf({ 3: 1, 5: 1 }), rowOf({ 5: 2 })];
  const values = Float64Array.of(1, 0, 2, 1, 3, -1); // X'y = [3, 8] and [1, -1]
  const { words } = ridge(ridgeMatrix(rows, space), values, 2, { words: 1, surface: 1 });
  const solved = [words[3 * 2], words[5 * 2], words[3 * 2 + 1], words[5 * 2 + 1]];
  const exact = [(6 * 3 - 8) / 17, (-3 + 3 * 8) / 17, (6 * 1 + 1) / 17, (-1 - 3) / 17];
  for (const [place, weight] of exact.entries()) expect(solved[place]).toBeCloseTo(weight, 5);
  expect(words.filter((weight) => weight !== 0)).toHaveLength(4);
});

test("draws weights to zero the more, the higher the penalty", () => {
  const random = seededRandom(3);
  const rows = Array.from({ length: 60 }, () => rowOf({ [Math.floor(random() * space)]: 1, 9: 0 }));
  const values = Float64Array.from(rows, () => random());
  const size = (penalty: number): number =>
    ridge(ridgeMatrix(rows, space), values, 1, { words: penalty, surface: 1 }).words.reduce((sum, w) => sum + w * w, 0);
  expect(size(1)).toBeGreaterThan(size(10));
  expect(size(10)).toBeGreaterThan(size(1000));
});

test("gives a row the sum of its words' weights and of its surface", () => {
  const surface = new Float64Array(surfaceNames.length);
  surface[0] = 2;
  const into = new Float64Array(3);
  const weights = { targets: 1, words: Float64Array.of(0, 0.5, 0, 0.25), surface: surface.map(() => 10) };
  product({ ...rowOf({ 1: 1, 3: 2 }), surface }, weights, into, 1);
  expect(Array.from(into)).toEqual([0, 1 + 20, 0]);
});
