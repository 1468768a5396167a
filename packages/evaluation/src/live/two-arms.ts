import type { Measurement } from "@plugboard/core";
import { ClusterTotals, runningDifference } from "@plugboard/statistics";
import type { ClusterTotalsSnapshot } from "@plugboard/statistics";
import type { SettledGate } from "../parity/gate.ts";
import { matches, readerOf } from "../parity/sample-of.ts";
import type { Read } from "../parity/sample-of.ts";
import { fewestClusters } from "../parity/running-gate.ts";
import type { Between, RunningLevels } from "../parity/running-gate.ts";
import { liveResult } from "./live-gate.ts";
import type { LiveGateResult } from "./live-gate.ts";

/** Whose call it is. */
export type Arm = "baseline" | "candidate";

/** What is kept of one gate. */
export interface TwoArmsSnapshot {
  readonly baseline: ClusterTotalsSnapshot;
  readonly candidate: ClusterTotalsSnapshot;
}

/** One gate on two groups of users, one asking each model. */
export class TwoArms {
  readonly gate: SettledGate;
  readonly #read: Read;
  readonly #arms: Readonly<Record<Arm, ClusterTotals>>;

  constructor(gate: SettledGate, kept?: TwoArmsSnapshot) {
    this.gate = gate;
    this.#read = readerOf(gate);
    this.#arms = kept
      ? { baseline: ClusterTotals.from(kept.baseline), candidate: ClusterTotals.from(kept.candidate) }
      : { baseline: new ClusterTotals(), candidate: new ClusterTotals() };
  }

  /** @throws {ModelError} `invalid-request` if a figure is not what the gate reads */
  add(arm: Arm, cluster: string, measurement: Measurement): void {
    if (!matches(measurement, this.gate.where)) return;
    const figure = this.#read(measurement);
    if (figure !== undefined) this.#arms[arm].add(cluster, figure);
  }

  result(terms: { readonly levels: RunningLevels; readonly confidence: number }): LiveGateResult {
    const { baseline, candidate } = this.#arms;
    return liveResult(this.gate, this.#between, { baseline: baseline.size, candidate: candidate.size }, terms);
  }

  snapshot(): TwoArmsSnapshot {
    return { baseline: this.#arms.baseline.snapshot(), candidate: this.#arms.candidate.snapshot() };
  }

  readonly #between: Between = (factor, confidence) => {
    const { baseline, candidate } = this.#arms;
    if (baseline.clusters < fewestClusters || candidate.clusters < fewestClusters) return undefined;
    return runningDifference(baseline, candidate, {
      factor,
      confidence,
      ...(this.gate.unit === "share" && { bounds: [0, 1] }),
    });
  };
}
