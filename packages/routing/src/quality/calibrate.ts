import { isotonicRegression, isotonicValue, meanInterval, plattProbability, plattScaling } from "@plugboard/statistics";
import type { QualityCalibration } from "./quality-model-file.ts";

/** At least as many items behind each interval. */
const least = 50;

/**
 * The curve from what a model was expected to score to what it did, and how sure that is. A curve is used only if it improves on none by a
 * standard error, on the half of the items it was not drawn from.
 *
 * @param expected - of items that were not learned from
 */
export function calibrate(expected: readonly number[], scores: readonly number[]): QualityCalibration {
  const curve = curveOf(expected, scores);
  const mapped = expected.map((raw) => valueOf(curve, raw));
  return { ...curve, ...spreadOf(mapped, scores) };
}

type Curve = Pick<QualityCalibration, "platt" | "isotonic">;

function curveOf(expected: readonly number[], scores: readonly number[]): Curve {
  if (expected.length < 4 * least) return {};
  const isBinary = scores.every((score) => score === 0 || score === 1);
  const fits: readonly ((x: readonly number[], y: readonly number[]) => Curve)[] = [
    (x, y) => ({ isotonic: isotonicRegression({ x, y }) }),
    ...(isBinary ? [(x: readonly number[], y: readonly number[]) => ({ platt: plattScaling(x, y) })] : []),
  ];
  let best: { readonly curve: Curve; readonly gain: number } = { curve: {}, gain: 1 };
  for (const fit of fits) {
    const halves = [0, 1].map((half) =>
      fit(
        expected.filter((_, place) => place % 2 !== half),
        scores.filter((_, place) => place % 2 !== half),
      ),
    );
    const gains = expected.map((raw, place) => {
      const score = scores[place]!;
      return (clamped(raw) - score) ** 2 - (valueOf(halves[place % 2]!, raw) - score) ** 2;
    });
    const gain = errorsAbove(gains);
    if (gain > best.gain) best = { curve: fit(expected, scores), gain };
  }
  return best.curve;
}

function valueOf({ platt, isotonic }: Curve, raw: number): number {
  return clamped(isotonic ? isotonicValue(isotonic, raw) : platt ? plattProbability(platt, raw) : raw);
}

function clamped(value: number): number {
  return Math.min(1, Math.max(0, value));
}

/** Mean by standard error. */
function errorsAbove(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return variance === 0 ? 0 : mean / Math.sqrt(variance / values.length);
}

/** Up to ten groups of like expectation: the interval of the mean score of each, less what was expected. */
function spreadOf(
  expected: readonly number[],
  scores: readonly number[],
): Pick<QualityCalibration, "at" | "low" | "high"> {
  const order = expected.map((_, place) => place).toSorted((left, right) => expected[left]! - expected[right]!);
  const groups = Math.min(10, Math.max(1, Math.floor(order.length / least)));
  const spread: { at: number[]; low: number[]; high: number[] } = { at: [], low: [], high: [] };
  for (let group = 0; group < groups; group++) {
    const members = order.slice(
      Math.floor((group * order.length) / groups),
      Math.floor(((group + 1) * order.length) / groups),
    );
    const at = members.reduce((sum, place) => sum + expected[place]!, 0) / Math.max(members.length, 1);
    // A group of like expectations may begin where the last one ended.
    if (spread.at.length > 0 && at <= spread.at.at(-1)! + 1e-9) continue;
    const { lower, upper } =
      members.length < 2
        ? { lower: 0, upper: 1 }
        : meanInterval(
            members.map((place) => scores[place]!),
            { bounds: [0, 1] },
          );
    spread.at.push(rounded(at));
    spread.low.push(rounded(lower - at));
    spread.high.push(rounded(upper - at));
  }
  return spread;
}

function rounded(value: number): number {
  return Number(value.toFixed(4));
}
