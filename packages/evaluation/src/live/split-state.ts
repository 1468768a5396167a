import { ModelError } from "@plugboard/core";
import type { LiveGateResult } from "./live-gate.ts";
import type { TwoArmsSnapshot } from "./two-arms.ts";

/** Whether the traffic is being moved, is all moved, or was taken back. */
export type SplitStatus = "running" | "complete" | "rolled-back";

/** A change of the share, and what was known then. */
export interface SplitChange {
  /** ISO 8601. */
  readonly at: string;
  readonly status: SplitStatus;
  readonly step: number;
  readonly share: number;
  /** A sentence. */
  readonly why: string;
  readonly gates: readonly LiveGateResult[];
}

/** Where a split stands. Plain JSON: `trafficSplit` goes on from it. */
export interface SplitState {
  readonly version: 1;
  readonly name: string;
  readonly status: SplitStatus;
  /** Which of the steps it is at, from 0. */
  readonly step: number;
  /** Of traffic, to the candidate. */
  readonly share: number;
  /** When this step began: ISO 8601. */
  readonly since: string;
  /** Calls that were measured at this step. */
  readonly calls: { readonly baseline: number; readonly candidate: number };
  readonly gates: readonly LiveGateResult[];
  /** What happened, the earliest first. */
  readonly history: readonly SplitChange[];
  /** What the gates have seen at this step, by their names. */
  readonly seen: Readonly<Record<string, TwoArmsSnapshot>>;
}

const statuses: ReadonlySet<unknown> = new Set<SplitStatus>(["running", "complete", "rolled-back"]);

export function isStatus(value: unknown): value is SplitStatus {
  return statuses.has(value);
}

/**
 * Checks a state that was kept.
 *
 * @throws {ModelError} `invalid-request` if it is none, or of another split
 */
export function checkedState(state: SplitState, name: string, steps: number): SplitState {
  const fail = (what: string): never => {
    throw new ModelError(`\`state\` of the split ${JSON.stringify(name)} ${what}.`, { code: "invalid-request" });
  };
  if (typeof state !== "object" || state === null) fail("must be an object that `state` gave");
  if (state.version !== 1) fail(`must have version 1; it has ${JSON.stringify(state.version)}`);
  if (state.name !== name) fail(`is that of ${JSON.stringify(state.name)}`);
  if (!isStatus(state.status)) fail(`has the status ${JSON.stringify(state.status)}`);
  if (!Number.isInteger(state.step) || state.step < 0 || state.step > steps)
    fail(`is at step ${JSON.stringify(state.step)}; there are ${steps}`);
  if (!Array.isArray(state.history) || typeof state.seen !== "object" || state.seen === null)
    fail("must have `history` and `seen`");
  return state;
}
