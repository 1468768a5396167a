/** Weights of a logistic regression, the constant first. Plain data. */
export type LogisticWeights = readonly number[];

/** Each weight but the constant is drawn to zero, as by this many rows of variance 1. */
const penalty = 3;
const steps = 12;

/**
 * Logistic regression of a few figures, by Newton's steps with halving.
 *
 * @param rows - figures, without the constant
 * @param targets - from 0 to 1
 */
export function logistic(rows: readonly (readonly number[])[], targets: readonly number[]): LogisticWeights {
  const size = 1 + (rows[0]?.length ?? 0);
  const mean = targets.reduce((sum, target) => sum + target, 0);
  let weights = Array.from({ length: size }, () => 0);
  weights[0] = Math.log((mean + 0.5) / (targets.length - mean + 0.5));
  let loss = lossOf(weights, rows, targets);
  for (let step = 0; step < steps; step++) {
    const [gradient, curvature] = slopes(weights, rows, targets);
    const direction = solve(curvature, gradient);
    let length = 1;
    let next = weights;
    let nextLoss = Infinity;
    while (length > 1e-4) {
      next = weights.map((weight, place) => weight - length * direction[place]!);
      nextLoss = lossOf(next, rows, targets);
      if (nextLoss <= loss) break;
      length /= 2;
    }
    if (!(nextLoss < loss - 1e-7 * Math.abs(loss))) break;
    [weights, loss] = [next, nextLoss];
  }
  return weights;
}

/** The probability that weights give figures. */
export function logisticProbability(weights: LogisticWeights, figures: readonly number[]): number {
  return 1 / (1 + Math.exp(-logitOf(weights, figures)));
}

/** The logarithm of the odds, drawn in from 0 and 1. */
export function logOdds(probability: number): number {
  const inside = Math.min(0.995, Math.max(0.005, probability));
  return Math.log(inside / (1 - inside));
}

function logitOf(weights: LogisticWeights, figures: readonly number[]): number {
  let sum = weights[0]!;
  for (let place = 0; place < figures.length; place++) sum += weights[place + 1]! * figures[place]!;
  return sum;
}

function lossOf(weights: LogisticWeights, rows: readonly (readonly number[])[], targets: readonly number[]): number {
  let loss = 0;
  for (let place = 1; place < weights.length; place++) loss += (penalty / 2) * weights[place]! ** 2;
  for (const [row, figures] of rows.entries()) {
    const logit = logitOf(weights, figures);
    loss += Math.log1p(Math.exp(-Math.abs(logit))) + Math.max(logit, 0) - targets[row]! * logit;
  }
  return loss;
}

function slopes(
  weights: LogisticWeights,
  rows: readonly (readonly number[])[],
  targets: readonly number[],
): readonly [number[], number[][]] {
  const size = weights.length;
  const gradient = weights.map((weight, place) => (place === 0 ? 0 : penalty * weight));
  const curvature = weights.map((_, place) =>
    weights.map((_weight, other) => (place === other ? (place === 0 ? 1e-6 : penalty) : 0)),
  );
  for (const [row, figures] of rows.entries()) {
    const probability = logisticProbability(weights, figures);
    const error = probability - targets[row]!;
    const bend = Math.max(probability * (1 - probability), 1e-6);
    for (let place = 0; place < size; place++) {
      const figure = place === 0 ? 1 : figures[place - 1]!;
      if (figure === 0) continue;
      gradient[place]! += error * figure;
      const line = curvature[place]!;
      for (let other = 0; other <= place; other++)
        line[other]! += bend * figure * (other === 0 ? 1 : figures[other - 1]!);
    }
  }
  for (let place = 0; place < size; place++)
    for (let other = place + 1; other < size; other++) curvature[place]![other] = curvature[other]![place]!;
  return [gradient, curvature];
}

/** Cholesky's way: the matrix is symmetric and, by the penalty, positive. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const size = right.length;
  const lower = matrix.map((line) => line.slice());
  for (let row = 0; row < size; row++)
    for (let column = 0; column <= row; column++) {
      let sum = lower[row]![column]!;
      for (let place = 0; place < column; place++) sum -= lower[row]![place]! * lower[column]![place]!;
      lower[row]![column] = row === column ? Math.sqrt(Math.max(sum, 1e-12)) : sum / lower[column]![column]!;
    }
  const forward = right.slice();
  for (let row = 0; row < size; row++) {
    for (let place = 0; place < row; place++) forward[row]! -= lower[row]![place]! * forward[place]!;
    forward[row]! /= lower[row]![row]!;
  }
  for (let row = size - 1; row >= 0; row--) {
    for (let place = row + 1; place < size; place++) forward[row]! -= lower[place]![row]! * forward[place]!;
    forward[row]! /= lower[row]![row]!;
  }
  return forward;
}
