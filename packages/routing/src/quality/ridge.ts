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
  readonly words: Float64Array;
  readonly surface: Float64Array;
}

/** Early enough to be quick, late enough that the penalty alone decides. */
const steps = 20;

/**
 * Ridge regression of several targets on the same rows, by conjugate gradients of the normal equations (Hestenes and Stiefel 1952).
 *
 * @param values - of each row each target: `row × targets + target`. They have no mean of their own: whatever is constant was taken off before
 * @param buckets - how many there are
 */
export function ridge(
  rows: readonly Row[],
  values: Float64Array,
  targets: number,
  buckets: number,
  penalty: RidgePenalty,
): RidgeWeights {
  const surfaces = rows[0]?.surface.length ?? 0;
  const words = new Float64Array(buckets * targets);
  const surface = new Float64Array(surfaces * targets);
  const weights: RidgeWeights = { targets, words, surface };
  const zero = (): RidgeWeights => ({
    targets,
    words: new Float64Array(words.length),
    surface: new Float64Array(surface.length),
  });
  const gradient = zero();
  gather(rows, values, gradient);
  const direction: RidgeWeights = { targets, words: gradient.words.slice(), surface: gradient.surface.slice() };
  const curved = zero();
  const products = new Float64Array(rows.length * targets);
  let squares = dots(gradient, gradient);
  const enough = squares.map((square) => square * 1e-8);

  for (let step = 0; step < steps && squares.some((square, target) => square > enough[target]!); step++) {
    for (let row = 0; row < rows.length; row++) product(rows[row]!, direction, products, row * targets);
    curved.words.fill(0);
    curved.surface.fill(0);
    gather(rows, products, curved);
    addScaled(curved.words, direction.words, penalty.words);
    addScaled(curved.surface, direction.surface, penalty.surface);

    const curvature = dots(direction, curved);
    const far = squares.map((square, target) => (curvature[target]! > 0 ? square / curvature[target]! : 0));
    move(weights, direction, far, 1);
    move(gradient, curved, far, -1);
    const next = dots(gradient, gradient);
    const turn = next.map((square, target) => (squares[target]! > 0 ? square / squares[target]! : 0));
    redirect(direction.words, gradient.words, turn);
    redirect(direction.surface, gradient.surface, turn);
    squares = next;
  }
  return weights;
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

/** Adds each row, times its values, to the features. */
function gather(rows: readonly Row[], values: Float64Array, { words, surface, targets }: RidgeWeights): void {
  for (let row = 0; row < rows.length; row++) {
    const { buckets, weights, surface: figures } = rows[row]!;
    const from = row * targets;
    for (let place = 0; place < buckets.length; place++) {
      const weight = weights[place]!;
      if (weight === 0) continue;
      const to = buckets[place]! * targets;
      for (let target = 0; target < targets; target++) words[to + target]! += weight * values[from + target]!;
    }
    for (let place = 0; place < figures.length; place++) {
      const figure = figures[place]!;
      for (let target = 0; target < targets; target++)
        surface[place * targets + target]! += figure * values[from + target]!;
    }
  }
}

/** The inner product of each target. */
function dots(left: RidgeWeights, right: RidgeWeights): Float64Array {
  const sums = new Float64Array(left.targets);
  for (const [a, b] of [
    [left.words, right.words],
    [left.surface, right.surface],
  ] as const)
    for (let place = 0, target = 0; place < a.length; place++) {
      sums[target]! += a[place]! * b[place]!;
      if (++target === left.targets) target = 0;
    }
  return sums;
}

function addScaled(to: Float64Array, values: Float64Array, by: number): void {
  for (let place = 0; place < to.length; place++) to[place]! += by * values[place]!;
}

function move(to: RidgeWeights, along: RidgeWeights, far: Float64Array, sign: number): void {
  for (const [a, b] of [
    [to.words, along.words],
    [to.surface, along.surface],
  ] as const)
    for (let place = 0, target = 0; place < a.length; place++) {
      a[place]! += sign * far[target]! * b[place]!;
      if (++target === to.targets) target = 0;
    }
}

function redirect(direction: Float64Array, gradient: Float64Array, turn: Float64Array): void {
  for (let place = 0, target = 0; place < direction.length; place++) {
    direction[place] = gradient[place]! + turn[target]! * direction[place]!;
    if (++target === turn.length) target = 0;
  }
}
