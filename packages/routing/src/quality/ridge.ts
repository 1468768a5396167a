import { surfaceNames } from "./text-features.ts";
import type { Row } from "./design.ts";

/** How strongly weights are drawn to zero. */
export interface RidgePenalty {
  /** Of the hashed words. */
  readonly words: number;
  /** Of the figures of the surface. */
  readonly surface: number;
}

/** Weights of several targets at once: that of feature f for target t at `f × targets + t`. */
export interface RidgeWeights {
  readonly targets: number;
  /** By bucket. */
  readonly words: Float64Array;
  /** By figure of the surface. */
  readonly surface: Float64Array;
}

/** Rows side by side, the surface first; buckets that no row has are left out. */
export interface RidgeMatrix {
  readonly rows: number;
  /** Where each row's entries begin; the last is where all end. */
  readonly starts: Uint32Array;
  readonly columns: Uint32Array;
  readonly entries: Float32Array;
  /** Of each column after those of the surface, its bucket. */
  readonly buckets: Uint32Array;
  /** How many buckets there are in all. */
  readonly space: number;
}

/** Enough by far with penalties as these: mostly the residual is small before. */
const [steps, precision] = [20, 1e-5] as const;

const surfaces = surfaceNames.length;

/** Lays rows side by side. */
export function ridgeMatrix(rows: readonly Row[], space: number): RidgeMatrix {
  const columnOf = new Int32Array(space).fill(-1);
  const buckets: number[] = [];
  const starts = new Uint32Array(rows.length + 1);
  for (const [place, row] of rows.entries()) {
    let size = surfaces;
    for (let at = 0; at < row.buckets.length; at++) {
      if (row.weights[at] === 0) continue;
      size++;
      const bucket = row.buckets[at]!;
      if (columnOf[bucket] === -1) columnOf[bucket] = surfaces + buckets.push(bucket) - 1;
    }
    starts[place + 1] = starts[place]! + size;
  }
  const columns = new Uint32Array(starts[rows.length]!);
  const entries = new Float32Array(columns.length);
  let next = 0;
  for (const { buckets: own, weights, surface } of rows) {
    for (let figure = 0; figure < surfaces; figure++) {
      columns[next] = figure;
      entries[next++] = surface[figure]!;
    }
    for (let at = 0; at < own.length; at++) {
      if (weights[at] === 0) continue;
      columns[next] = columnOf[own[at]!]!;
      entries[next++] = weights[at]!;
    }
  }
  return { rows: rows.length, starts, columns, entries, buckets: Uint32Array.from(buckets), space };
}

/**
 * Ridge regression of several targets on the same rows, by conjugate gradients of the normal equations (Hestenes and Stiefel 1952).
 *
 * @param values - of each row each target: `row × targets + target`. They have no mean of their own: whatever is constant was taken off before
 */
export function ridge(matrix: RidgeMatrix, values: Float64Array, targets: number, penalty: RidgePenalty): RidgeWeights {
  const size = (surfaces + matrix.buckets.length) * targets;
  const weights = new Float64Array(size);
  const gradient = new Float64Array(size);
  gather(matrix, values, targets, gradient);
  const direction = gradient.slice();
  const curved = new Float64Array(size);
  const products = new Float64Array(matrix.rows * targets);
  let squares = dots(gradient, gradient, targets);
  const enough = squares.map((square) => square * precision);

  for (let step = 0; step < steps && squares.some((square, target) => square > enough[target]!); step++) {
    spread(matrix, direction, targets, products);
    for (let place = 0; place < size; place++)
      curved[place] = direction[place]! * (place < surfaces * targets ? penalty.surface : penalty.words);
    gather(matrix, products, targets, curved);
    const curvature = dots(direction, curved, targets);
    const far = squares.map((square, target) => (curvature[target]! > 0 ? square / curvature[target]! : 0));
    for (let place = 0; place < size; place += targets)
      for (let target = 0; target < targets; target++) {
        weights[place + target]! += far[target]! * direction[place + target]!;
        gradient[place + target]! -= far[target]! * curved[place + target]!;
      }
    const next = dots(gradient, gradient, targets);
    const turn = next.map((square, target) => (squares[target]! > 0 ? square / squares[target]! : 0));
    for (let place = 0; place < size; place += targets)
      for (let target = 0; target < targets; target++)
        direction[place + target] = gradient[place + target]! + turn[target]! * direction[place + target]!;
    squares = next;
  }

  const words = new Float64Array(matrix.space * targets);
  for (const [column, bucket] of matrix.buckets.entries())
    words.set(weights.subarray((surfaces + column) * targets, (surfaces + column + 1) * targets), bucket * targets);
  return { targets, words, surface: weights.slice(0, surfaces * targets) };
}

/** What the weights give a row: written to `into` from `at` on, one figure a target. */
export function product(row: Row, { words, surface, targets }: RidgeWeights, into: Float64Array, at: number): void {
  for (let target = 0; target < targets; target++) into[at + target] = 0;
  for (let place = 0; place < row.buckets.length; place++) {
    const weight = row.weights[place]!;
    if (weight === 0) continue;
    const from = row.buckets[place]! * targets;
    for (let target = 0; target < targets; target++) into[at + target]! += weight * words[from + target]!;
  }
  for (let place = 0; place < row.surface.length; place++) {
    const figure = row.surface[place]!;
    for (let target = 0; target < targets; target++) into[at + target]! += figure * surface[place * targets + target]!;
  }
}

/** Adds each row, times its values, to the columns. */
function gather(
  { rows, starts, columns, entries }: RidgeMatrix,
  values: Float64Array,
  targets: number,
  into: Float64Array,
): void {
  for (let row = 0; row < rows; row++) {
    const from = row * targets;
    const end = starts[row + 1]!;
    for (let at = starts[row]!; at < end; at++) {
      const entry = entries[at]!;
      const to = columns[at]! * targets;
      for (let target = 0; target < targets; target++) into[to + target]! += entry * values[from + target]!;
    }
  }
}

/** What weights give each row. */
function spread(
  { rows, starts, columns, entries }: RidgeMatrix,
  weights: Float64Array,
  targets: number,
  into: Float64Array,
): void {
  into.fill(0);
  for (let row = 0; row < rows; row++) {
    const to = row * targets;
    const end = starts[row + 1]!;
    for (let at = starts[row]!; at < end; at++) {
      const entry = entries[at]!;
      const from = columns[at]! * targets;
      for (let target = 0; target < targets; target++) into[to + target]! += entry * weights[from + target]!;
    }
  }
}

/** The inner product of each target. */
function dots(left: Float64Array, right: Float64Array, targets: number): Float64Array {
  const sums = new Float64Array(targets);
  for (let place = 0; place < left.length; place += targets)
    for (let target = 0; target < targets; target++) sums[target]! += left[place + target]! * right[place + target]!;
  return sums;
}
