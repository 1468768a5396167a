import { ModelError } from "@plugboard/core";
import type { Interval } from "@plugboard/statistics";
import type { Verdict } from "../parity/contest.ts";
import { settleGates } from "../parity/gate.ts";
import type { Gate, SettledGate } from "../parity/gate.ts";
import type { Unit } from "../parity/measures.ts";
import { judgeRunning, shownConfidence } from "../parity/running-gate.ts";
import type { Between, RunningLevels } from "../parity/running-gate.ts";

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

/** Where a gate stands, by what there is between the models. */
export function liveResult(
  gate: SettledGate,
  between: Between,
  calls: LiveGateResult["calls"],
  { levels, confidence }: { readonly levels: RunningLevels; readonly confidence: number },
): LiveGateResult {
  const { name, unit, better, margin, relative } = gate;
  const difference = between(1, shownConfidence(confidence));
  return {
    name,
    verdict: judgeRunning(gate, between, levels),
    unit,
    better,
    margin,
    relative,
    calls,
    ...(difference && { difference }),
  };
}

/** @throws {ModelError} `invalid-request` unless it is above 0.5 and below 1 */
export function checkConfidence(confidence: number): void {
  if (confidence > 0.5 && confidence < 1) return;
  throw new ModelError(`\`confidence\` must be above 0.5 and below 1; it is ${confidence}.`, {
    code: "invalid-request",
  });
}
