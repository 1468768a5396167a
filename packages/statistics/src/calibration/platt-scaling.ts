import { checkPaired, checkValues } from "../check.ts";

/** A logistic curve: the probability is 1 / (1 + e^−(slope × score + intercept)). Plain data; {@link plattProbability} reads it. */
export interface PlattCurve {
  readonly slope: number;
  readonly intercept: number;
}

/**
 * Turns scores into probabilities by the logistic curve that fits best: few parameters, so it needs fewer labels than
 * {@link isotonicRegression}, and is wrong where the truth is no such curve.
 *
 * Platt's targets, (N₊ + 1)/(N₊ + 2) and 1/(N₋ + 2) instead of 1 and 0, keep it from certainty (Platt 1999); Newton's steps with backtracking are
 * those of Lin, Lin and Weng, A note on Platt's probabilistic outputs for support vector machines, Mach. Learn. 68, 2007.
 *
 * @param scores of any scale
 * @param labels whether each came true: 1 or 0
 * @throws {RangeError} if scores and labels are not paired, there are none, or a label is neither 0 nor 1
 * @example
 * const curve = plattScaling(scores, labels);
 * plattProbability(curve, 1.7);
 */
export function plattScaling(scores: readonly number[], labels: readonly number[]): PlattCurve {
  checkPaired("scores", scores, "labels", labels);
  checkValues("scores", scores, 1);
  for (const [place, label] of labels.entries())
    if (label !== 0 && label !== 1) throw new RangeError(`\`labels[${place}]\` must be 0 or 1; it is ${label}.`);
  const positives = labels.reduce((sum, label) => sum + label, 0);
  const negatives = labels.length - positives;
  const targets = labels.map((label) => (label === 1 ? (positives + 1) / (positives + 2) : 1 / (negatives + 2)));

  let curve: PlattCurve = { slope: 0, intercept: Math.log((positives + 1) / (negatives + 1)) };
  let loss = lossOf(curve, scores, targets);
  for (let step = 0; step < 100; step++) {
    const direction = newtonStep(curve, scores, targets);
    if (!direction) break;
    let length = 1;
    let next = moved(curve, direction, length);
    let nextLoss = lossOf(next, scores, targets);
    while (nextLoss > loss && length > 1e-10) {
      length /= 2;
      next = moved(curve, direction, length);
      nextLoss = lossOf(next, scores, targets);
    }
    if (!(nextLoss <= loss)) break;
    const gain = loss - nextLoss;
    [curve, loss] = [next, nextLoss];
    // Newton's steps double the digits: after one that gained next to nothing, none are left to find.
    if (gain <= 1e-12 * loss) break;
  }
  return curve;
}

/** The probability that a fitted curve gives a score. */
export function plattProbability({ slope, intercept }: PlattCurve, score: number): number {
  return 1 / (1 + Math.exp(-(slope * score + intercept)));
}

/** Cross-entropy, in a form that does not overflow. */
function lossOf({ slope, intercept }: PlattCurve, scores: readonly number[], targets: readonly number[]): number {
  let loss = 0;
  for (const [place, score] of scores.entries()) {
    const logit = slope * score + intercept;
    loss += Math.log1p(Math.exp(-Math.abs(logit))) + Math.max(logit, 0) - targets[place]! * logit;
  }
  return loss;
}

/** Where the loss falls fastest by its second derivatives; undefined where it is flat. */
function newtonStep(curve: PlattCurve, scores: readonly number[], targets: readonly number[]): PlattCurve | undefined {
  let [bySlope, byIntercept] = [0, 0];
  // A little more on the diagonal, so that scores all alike do no harm.
  let [slopes, mixed, intercepts] = [1e-12, 0, 1e-12];
  for (const [place, score] of scores.entries()) {
    const probability = plattProbability(curve, score);
    const error = probability - targets[place]!;
    const curvature = probability * (1 - probability);
    bySlope += error * score;
    byIntercept += error;
    slopes += curvature * score * score;
    mixed += curvature * score;
    intercepts += curvature;
  }
  if (Math.abs(bySlope) < 1e-9 && Math.abs(byIntercept) < 1e-9) return undefined;
  const determinant = slopes * intercepts - mixed * mixed;
  return {
    slope: (mixed * byIntercept - intercepts * bySlope) / determinant,
    intercept: (mixed * bySlope - slopes * byIntercept) / determinant,
  };
}

function moved({ slope, intercept }: PlattCurve, direction: PlattCurve, length: number): PlattCurve {
  return { slope: slope + length * direction.slope, intercept: intercept + length * direction.intercept };
}
