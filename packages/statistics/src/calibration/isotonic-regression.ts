import { checkPaired, checkPositive, checkValues } from "../check.ts";

/** What is fitted: `y` is expected not to fall as `x` grows. */
export interface IsotonicOptions {
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** How much each point counts. @default 1 each */
  readonly weights?: readonly number[];
}

/** A curve that does not fall: its corners, both upwards. Plain data; {@link isotonicValue} reads it. */
export interface IsotonicCurve {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/**
 * The curve that never falls and is nearest to the points, in squares: turns scores of any scale into calibrated probabilities.
 *
 * Pool adjacent violators (Ayer et al. 1955; Barlow et al., Statistical inference under order restrictions, 1972; for probabilities, Zadrozny and
 * Elkan, KDD 2002). Points of equal `x` count as one.
 *
 * @throws {RangeError} if there are no points, x, y and weights differ in number, or a weight is not above 0
 * @example
 * const curve = isotonicRegression({ x: confidences, y: correct });
 * isotonicValue(curve, 0.8);
 */
export function isotonicRegression({ x, y, weights = x.map(() => 1) }: IsotonicOptions): IsotonicCurve {
  checkPaired("x", x, "y", y);
  checkPaired("x", x, "weights", weights);
  checkValues("x", x, 1);
  checkValues("y", y, 1);
  for (const [place, weight] of weights.entries()) checkPositive(`weights[${place}]`, weight);

  const pools: Pool[] = [];
  for (const point of pointsOf(x, y, weights)) {
    let pool = point;
    // Whoever comes after and is lower is pooled with those before, until the levels go upwards again.
    while (pools.length > 0 && levelOf(pools.at(-1)!) >= levelOf(pool)) pool = join(pools.pop()!, pool);
    pools.push(pool);
  }
  const corners = pools.flatMap((pool) => (pool.from === pool.to ? [pool] : [pool, { ...pool, from: pool.to }]));
  return { x: corners.map(({ from }) => from), y: corners.map(levelOf) };
}

/** The curve's height at `x`: between corners by distance, beyond the ends as at the ends; NaN of NaN. */
export function isotonicValue({ x, y }: IsotonicCurve, at: number): number {
  if (Number.isNaN(at)) return NaN;
  const above = x.findIndex((corner) => corner >= at);
  if (above < 0) return y.at(-1)!;
  if (above === 0 || x[above] === at) return y[above]!;
  const share = (at - x[above - 1]!) / (x[above]! - x[above - 1]!);
  return y[above - 1]! + share * (y[above]! - y[above - 1]!);
}

interface Pool {
  readonly from: number;
  readonly to: number;
  readonly sum: number;
  readonly weight: number;
}

function levelOf({ sum, weight }: Pool): number {
  return sum / weight;
}

function join(left: Pool, right: Pool): Pool {
  return { from: left.from, to: right.to, sum: left.sum + right.sum, weight: left.weight + right.weight };
}

/** By x, upwards; those of equal x are one. */
function pointsOf(x: readonly number[], y: readonly number[], weights: readonly number[]): Pool[] {
  const points: Pool[] = [];
  const order = x.map((_, place) => place).toSorted((left, right) => x[left]! - x[right]!);
  for (const place of order) {
    const point = { from: x[place]!, to: x[place]!, sum: weights[place]! * y[place]!, weight: weights[place]! };
    if (points.at(-1)?.to === point.to) points.push(join(points.pop()!, point));
    else points.push(point);
  }
  return points;
}
