import type { Interval } from "@plugboard/statistics";
import type { Verdict } from "./contest.ts";
import type { SettledGate } from "./gate.ts";

/** How sure the ends are at which something is said to hold, or not to. */
export interface RunningLevels {
  readonly pass: number;
  readonly fail: number;
}

/**
 * An interval around the candidate's mean less `factor` times the baseline's, which may be looked at any time, and holds with this two-sided
 * confidence; undefined while there is too little to go by.
 */
export type Between = (factor: number, confidence: number) => Interval | undefined;

/** By what the baseline's mean is taken, for each direction in which the candidate may be worse. */
export function factorsOf({ relative, margin, better }: SettledGate): readonly number[] {
  if (!relative) return [1];
  return [...(better === "lower" ? [] : [1 - margin]), ...(better === "higher" ? [] : [1 + margin])];
}

/** Passes when it is shown that the candidate is not worse by more than the margin, fails when that it is. */
export function judgeRunning(gate: SettledGate, between: Between, levels: RunningLevels): Verdict {
  const { relative, margin, better } = gate;
  const absolute = relative ? 0 : margin;
  /** How much too high, or too low, the candidate is: above 0 is too much. */
  const excess = (direction: 1 | -1, confidence: number): readonly [least: number, most: number] | undefined => {
    const difference = between(relative ? 1 + direction * margin : 1, confidence);
    if (!difference) return undefined;
    const [least, most] = [difference.lower, difference.upper];
    return direction === 1 ? [least - absolute, most - absolute] : [-most - absolute, -least - absolute];
  };
  const directions: readonly (1 | -1)[] = better === "same" ? [1, -1] : better === "lower" ? [1] : [-1];
  if (directions.some((direction) => (excess(direction, levels.fail)?.[0] ?? 0) > 0)) return "fail";
  return directions.every((direction) => (excess(direction, levels.pass)?.[1] ?? 0) < 0) ? "pass" : "undecided";
}

/** Each end of the interval that is shown holds with `confidence` by itself. */
export const shownConfidence = (confidence: number): number => 2 * confidence - 1;

/** Levels of one of several gates that are watched: any of them failing by chance has probability 1 − `confidence` at most. */
export function levelsOf(confidence: number, tests: number): RunningLevels {
  return { pass: shownConfidence(confidence), fail: 1 - (2 * (1 - confidence)) / tests };
}

/** How many tests gates take: one each, but two where a candidate may be neither higher nor lower. */
export function testsOf(gates: readonly SettledGate[]): number {
  return gates.reduce((sum, { better }) => sum + (better === "same" ? 2 : 1), 0);
}

/** Running intervals are approximate, and of fewer clusters they hold too seldom. */
export const fewestClusters = 20;
