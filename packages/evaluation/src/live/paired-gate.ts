import { ClusterTotals, runningMean } from "@plugboard/statistics";
import type { SettledGate } from "../parity/gate.ts";
import { factorsOf, fewestClusters } from "../parity/running-gate.ts";
import type { Between, RunningLevels } from "../parity/running-gate.ts";
import { matches, readerOf } from "../parity/sample-of.ts";
import type { Read } from "../parity/sample-of.ts";
import { liveResult } from "./live-gate.ts";
import type { LiveGateResult } from "./live-gate.ts";
import type { ShadowPair } from "./shadow-runner.ts";

/** One gate on pairs of answers to one question. */
export class PairedGate {
  readonly #gate: SettledGate;
  readonly #read: Read;
  /** Candidate less this much of the baseline. */
  readonly #differences: ReadonlyMap<number, ClusterTotals>;

  constructor(gate: SettledGate) {
    this.#gate = gate;
    this.#read = readerOf(gate);
    this.#differences = new Map([1, ...factorsOf(gate)].map((factor) => [factor, new ClusterTotals()]));
  }

  add(cluster: string, { baseline, candidate }: ShadowPair): void {
    if (!matches(baseline, this.#gate.where)) return;
    const before = this.#read(baseline);
    const after = this.#read(candidate);
    if (before === undefined || after === undefined) return;
    for (const [factor, totals] of this.#differences) totals.add(cluster, after - factor * before);
  }

  result(terms: { readonly levels: RunningLevels; readonly confidence: number }): LiveGateResult {
    const { size } = this.#differences.get(1)!;
    return liveResult(this.#gate, this.#between, { baseline: size, candidate: size }, terms);
  }

  readonly #between: Between = (factor, confidence) => {
    const totals = this.#differences.get(factor)!;
    if (totals.clusters < fewestClusters) return undefined;
    return runningMean(totals, { confidence, ...(this.#gate.unit === "share" && { bounds: [-1, 1] }) });
  };
}
