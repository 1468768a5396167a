import { ModelError } from "@plugboard/core";
import type { Interval } from "@plugboard/statistics";
import type { Verdict } from "../parity/contest.ts";
import { settleGates } from "../parity/gate.ts";
import type { Gate, SettledGate } from "../parity/gate.ts";
import type { Unit } from "../parity/measures.ts";

/** Where one gate stands on traffic. Plain JSON. */
export interface LiveGateResult {
  readonly name: string;
  readonly verdict: Verdict;
  readonly unit: Unit;
  readonly better: "higher" | "lower" | "same";
  readonly margin: number;
  /** Whether the margin is a share of the baseline's figure. */
  readonly relative: boolean;
  /** How many figures of each model there are. */
  readonly calls: { readonly baseline: number; readonly candidate: number };
  /** The candidate's mean less the baseline's, in the unit: an interval that may be looked at any time. Absent while there is too little. */
  readonly difference?: Interval;
}

/** How sure the ends are at which something is said to hold, or not to. */
export interface LiveLevels {
  readonly pass: number;
  readonly fail: number;
}

/**
 * An interval around the candidate's mean less `factor` times the baseline's, which may be looked at any time, and holds with this two-sided
 * confidence; undefined while there is too little to go by.
 */
export type Between = (factor: number, confidence: number) => Interval | undefined;

/**
 * Gates that can be watched on traffic: those of means.
 *
 * @throws {ModelError} `invalid-request` for one that says what cannot be, or compares a percentile
 */
export function liveGates(gates: Readonly<Record<string, Gate>>): readonly SettledGate[] {
  return settleGates(gates).map((gate) => {
    if (gate.quantile === undefined) return gate;
    throw new ModelError(
      `Gate ${gate.name}: on traffic, means alone are compared; give \`statistic: "mean"\`, it is ${gate.statistic}.`,
      { code: "invalid-request" },
    );
  });
}

/** By what the baseline's mean is taken, for each direction in which the candidate may be worse. */
export function factorsOf({ relative, margin, better }: SettledGate): readonly number[] {
  if (!relative) return [1];
  return [...(better === "lower" ? [] : [1 - margin]), ...(better === "higher" ? [] : [1 + margin])];
}

/** Passes when it is shown that the candidate is not worse by more than the margin, fails when that it is. */
export function judgeLive(gate: SettledGate, between: Between, levels: LiveLevels): Verdict {
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
export function levelsOf(confidence: number, tests: number): LiveLevels {
  return { pass: shownConfidence(confidence), fail: 1 - (2 * (1 - confidence)) / tests };
}

/** @throws {ModelError} `invalid-request` unless it is from 0.5 to below 1 */
export function checkConfidence(confidence: number): void {
  if (confidence > 0.5 && confidence < 1) return;
  throw new ModelError(`\`confidence\` must be above 0.5 and below 1; it is ${confidence}.`, {
    code: "invalid-request",
  });
}
