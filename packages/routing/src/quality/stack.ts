import { penalties } from "./cross-fit.ts";
import type { CrossFit } from "./cross-fit.ts";

/** How much of what words and neighbours expect is believed. */
export interface Stack {
  readonly penalty: number;
  readonly words: number;
  readonly nearest: number;
  /** Standard errors by which they improve on the table alone. */
  readonly gain: number;
  /** Share of the variance that is explained: by the table, and by all. */
  readonly tableShare: number;
  readonly share: number;
}

/** Standard errors that words and neighbours must improve what is there, to be used: chance alone does it in 5 of 100 cases. */
const enough = 1.645;

/**
 * How much to believe words and neighbours, by how well they expected what they had not learned from: least squares, none below 0. What does
 * not improve on the table by a standard error gets no weight at all.
 *
 * @param part - the targets that are looked at: from, to
 */
export function stackOf(
  { table, words, nearest }: CrossFit,
  values: Float64Array,
  targets: number,
  part: readonly [number, number],
): Stack {
  const items = values.length / targets;
  const residual = values.map((value, place) => value - table[place]!);
  const none = { penalty: penalties[0]!, words: 0, nearest: 0, gain: 0 };
  const total = squaresOf(values, targets, part);
  const tableShare = total === 0 ? 0 : 1 - squaresOf(residual, targets, part) / total;
  let best: Omit<Stack, "share" | "tableShare"> & { readonly squares: number } = {
    ...none,
    squares: squaresOf(residual, targets, part),
  };
  for (const [place, penalty] of penalties.entries())
    for (const useNearest of [false, true]) {
      const [first, second] = weightsOf(words[place]!, nearest, residual, targets, part, useNearest);
      const left = residual.map((value, at) => value - first * words[place]![at]! - second * nearest[at]!);
      const squares = squaresOf(left, targets, part);
      // Neighbours have to be kept with the model, so they must improve on words alone by more than a trifle.
      if (squares < best.squares * (useNearest && best.words > 0 ? 0.9998 : 1))
        best = { penalty, words: first, nearest: second, squares, gain: gainOf(residual, left, targets, part, items) };
    }
  if (best.gain < enough) return { ...none, gain: best.gain, tableShare, share: tableShare };
  return { ...best, tableShare, share: total === 0 ? 0 : 1 - best.squares / total };
}

/** By the normal equations of two unknowns, each from 0 to 1. */
function weightsOf(
  words: Float64Array,
  nearest: Float64Array,
  residual: Float64Array,
  targets: number,
  [from, to]: readonly [number, number],
  useNearest: boolean,
): readonly [number, number] {
  let [aa, ab, bb, ay, by] = [0, 0, 0, 0, 0];
  for (let row = 0; row < residual.length; row += targets)
    for (let place = row + from; place < row + to; place++) {
      const [a, b, y] = [words[place]!, nearest[place]!, residual[place]!];
      aa += a * a;
      ab += a * b;
      bb += b * b;
      ay += a * y;
      by += b * y;
    }
  const alone = (product: number, square: number): number => (square > 0 ? share(product / square) : 0);
  if (!useNearest) return [alone(ay, aa), 0];
  const determinant = aa * bb - ab * ab;
  if (determinant <= 1e-12 * aa * bb) return [alone(ay, aa), 0];
  const first = (ay * bb - by * ab) / determinant;
  const second = (by * aa - ay * ab) / determinant;
  if (first <= 0) return [0, alone(by, bb)];
  if (second <= 0) return [alone(ay, aa), 0];
  return [share(first), share(second)];
}

function share(value: number): number {
  return Math.min(1, Math.max(0, value));
}

function squaresOf(values: Float64Array, targets: number, [from, to]: readonly [number, number]): number {
  let sum = 0;
  for (let row = 0; row < values.length; row += targets)
    for (let place = row + from; place < row + to; place++) sum += values[place]! ** 2;
  return sum;
}

/** The mean gain of an item by its standard error. */
function gainOf(
  before: Float64Array,
  after: Float64Array,
  targets: number,
  [from, to]: readonly [number, number],
  items: number,
): number {
  let [sum, squares] = [0, 0];
  for (let row = 0; row < before.length; row += targets) {
    let gain = 0;
    for (let place = row + from; place < row + to; place++) gain += before[place]! ** 2 - after[place]! ** 2;
    sum += gain;
    squares += gain * gain;
  }
  const mean = sum / items;
  const error = Math.sqrt(Math.max(squares / items - mean * mean, 0) / items);
  return error === 0 ? 0 : mean / error;
}
