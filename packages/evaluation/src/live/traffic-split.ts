import { ModelError, checkOption } from "@plugboard/core";
import type { Measurement } from "@plugboard/core";
import { hashedShare } from "@plugboard/statistics";
import type { Gate, SettledGate } from "../parity/gate.ts";
import { levelsOf, testsOf } from "../parity/running-gate.ts";
import type { RunningLevels } from "../parity/running-gate.ts";
import { checkConfidence, liveGates } from "./live-gate.ts";
import type { LiveGateResult } from "./live-gate.ts";
import { SharedStatus } from "./shared-status.ts";
import type { SharedSplit } from "./shared-status.ts";
import { checkedState } from "./split-state.ts";
import type { SplitChange, SplitState, SplitStatus } from "./split-state.ts";
import { TwoArms } from "./two-arms.ts";
import type { Arm } from "./two-arms.ts";

/** How traffic is moved. */
export interface TrafficSplitOptions {
  /** Users are drawn by it: the same name and user, the same arm, in every process. */
  readonly name: string;
  /** The candidate's shares of traffic, each greater than the one before. After the last, all of it. */
  readonly steps: readonly number[];
  /** What must hold of the candidate, by how much it may be missed; of means. */
  readonly gates: Readonly<Record<string, Gate>>;
  /** How sure a step up is, and how sure a roll-back, over all looks, gates and steps together. @default 0.95 */
  readonly confidence?: number;
  /**
   * What a step up takes: that every gate is shown to hold at this step (`proven`), or only that none is shown to be missed (`unharmed`).
   *
   * @default "proven"
   */
  readonly advance?: "proven" | "unharmed" | "by-hand";
  /** Measured calls of the candidate that a step up takes at the least. @default 200 */
  readonly leastCalls?: number;
  /** Milliseconds that a step lasts at the least. @default 0 */
  readonly leastTime?: number;
  /** Where the processes of a fleet tell each other of roll-backs and steps. @default nowhere: each decides by itself */
  readonly shared?: SharedSplit;
  /** A state that was kept: it goes on from there. */
  readonly state?: SplitState | undefined;
  /** Told of every change of the share: the time to keep `state`. */
  readonly onChange?: (change: SplitChange, split: TrafficSplit) => void;
  /** Told of what failed beside the calls: a listener, a scorer's figure, the shared store. */
  readonly onFault?: (error: unknown) => void;
  /** Draws the arm of calls without a user. @default Math.random */
  readonly random?: () => number;
}

/** Traffic on its way from a baseline to a candidate. */
export interface TrafficSplit {
  /** Whose turn it is. A user stays in one arm; a step up moves users to the candidate, and none back. */
  arm(user: string | undefined): Arm;
  /** Takes what came of a call, and steps up or rolls back where that is shown. */
  told(arm: Arm, user: string | undefined, measurement: Measurement): void;
  /** Steps up now, whatever is shown. */
  advance(why?: string): void;
  /** Takes all traffic back. It stays so. */
  rollBack(why: string): void;
  /** Whether measurements are of use still. */
  readonly isRunning: boolean;
  readonly state: SplitState;
}

/**
 * Moves traffic to a candidate by steps, and takes it back when a test says that it is worse: what a canary rests on, for whatever has two ways
 * to answer.
 *
 * Both arms are compared while they run side by side, each step by itself, so that what changes with time changes both. Calls of one user
 * belong together. The tests may be looked at after every call: `confidence` holds over all looks; see `runningDifference` in
 * `@plugboard/statistics`. Nothing is decided before each arm has heard from about twenty users; if they are fewer, go by hand.
 *
 * @throws {ModelError} `invalid-request` for options that mean nothing
 * @example
 * const split = trafficSplit({ name: "haiku", steps: [0.01, 0.1, 0.5], gates: { errors: { measure: "errors", margin: 0.01 } } });
 * const answer = split.arm(user) === "candidate" ? await next(question) : await now(question);
 */
export function trafficSplit(options: TrafficSplitOptions): TrafficSplit {
  return new Split(options);
}

class Split implements TrafficSplit {
  readonly #options: TrafficSplitOptions;
  readonly #steps: readonly number[];
  readonly #gates: readonly SettledGate[];
  readonly #terms: { readonly levels: RunningLevels; readonly confidence: number };
  readonly #shared: SharedStatus | undefined;
  readonly #history: SplitChange[];
  #status: SplitStatus = "running";
  #step = 0;
  #since = Date.now();
  #calls = { baseline: 0, candidate: 0 };
  #arms: readonly TwoArms[];
  #alone = 0;

  constructor(options: TrafficSplitOptions) {
    const { name, steps, gates, confidence = 0.95, leastCalls = 200, leastTime = 0, shared, state } = options;
    if (typeof name !== "string" || name === "") throw invalid("`name` must be a text, and not empty.");
    checkSteps(steps);
    checkConfidence(confidence);
    checkOption("leastCalls", leastCalls, { least: 0, whole: true });
    checkOption("leastTime", leastTime, { least: 0 });
    this.#options = options;
    this.#steps = steps;
    this.#gates = liveGates(gates);
    const tests = testsOf(this.#gates) * steps.length * (shared?.processes ?? 1);
    this.#terms = { levels: levelsOf(confidence, tests), confidence };
    this.#shared = shared && new SharedStatus(name, shared, (error) => this.#fault(error));
    const kept = state && checkedState(state, name, steps.length);
    this.#history = [...(kept?.history ?? [])];
    if (kept) {
      this.#status = kept.status;
      this.#step = kept.step;
      this.#since = Date.parse(kept.since);
      this.#calls = { ...kept.calls };
    }
    this.#arms = this.#gates.map((gate) => new TwoArms(gate, kept?.seen[gate.name]));
  }

  get isRunning(): boolean {
    return this.#status === "running";
  }

  get state(): SplitState {
    return {
      version: 1,
      name: this.#options.name,
      status: this.#status,
      step: this.#step,
      share: this.#share,
      since: new Date(this.#since).toISOString(),
      calls: { ...this.#calls },
      gates: this.#results(),
      history: [...this.#history],
      seen: Object.fromEntries(this.#arms.map((arms) => [arms.gate.name, arms.snapshot()])),
    };
  }

  arm(user: string | undefined): Arm {
    this.#shared?.look(({ status, step, why }) => {
      if (status === "rolled-back") this.#roll(why);
      else if (this.isRunning && step > this.#step) this.#goTo(step, why);
    });
    const { name, random = Math.random } = this.#options;
    const place = user === undefined ? random() : hashedShare(`${name}\0${user}`);
    return place < this.#share ? "candidate" : "baseline";
  }

  told(arm: Arm, user: string | undefined, measurement: Measurement): void {
    if (!this.isRunning) return;
    // A call without a user is nobody else's.
    const cluster = user === undefined ? `\0${this.#alone++}` : user;
    try {
      for (const arms of this.#arms) arms.add(arm, cluster, measurement);
    } catch (error) {
      return this.#fault(error);
    }
    this.#calls[arm] += 1;
    if (arm === "candidate" && isWorthALook(this.#calls.candidate)) this.#judge();
  }

  advance(why = "By hand."): void {
    if (this.isRunning) this.#change(() => this.#goTo(this.#step + 1, why));
  }

  rollBack(why: string): void {
    if (this.#status !== "rolled-back") this.#change(() => this.#roll(why));
  }

  get #share(): number {
    if (this.#status === "running") return this.#steps[this.#step]!;
    return this.#status === "complete" ? 1 : 0;
  }

  #results(): LiveGateResult[] {
    return this.#arms.map((arms) => arms.result(this.#terms));
  }

  #judge(): void {
    const results = this.#results();
    const missed = results.find(({ verdict }) => verdict === "fail");
    if (missed) return this.#change(() => this.#roll(`Gate ${missed.name} is shown to be missed.`));
    const { advance = "proven", leastCalls = 200, leastTime = 0 } = this.#options;
    if (advance === "by-hand" || this.#calls.candidate < leastCalls || Date.now() < this.#since + leastTime) return;
    if (advance === "proven" && results.some(({ verdict }) => verdict !== "pass")) return;
    const why = advance === "proven" ? "Every gate is shown to hold." : "No gate is shown to be missed.";
    this.#change(() => this.#goTo(this.#step + 1, why));
  }

  /** A change of our own is told to the others. */
  #change(act: () => void): void {
    act();
    const { status, step, why } = this.#history.at(-1)!;
    this.#shared?.tell({ status, step, why });
  }

  #goTo(step: number, why: string): void {
    const gates = this.#results();
    this.#step = Math.min(step, this.#steps.length);
    if (this.#step === this.#steps.length) this.#status = "complete";
    this.#begin(why, gates);
  }

  #roll(why: string): void {
    if (this.#status === "rolled-back") return;
    const gates = this.#results();
    this.#status = "rolled-back";
    this.#begin(why, gates);
  }

  #begin(why: string, gates: readonly LiveGateResult[]): void {
    this.#since = Date.now();
    const at = new Date(this.#since).toISOString();
    const change: SplitChange = { at, status: this.#status, step: this.#step, share: this.#share, why, gates };
    this.#history.push(change);
    if (this.#status === "running") {
      this.#calls = { baseline: 0, candidate: 0 };
      this.#arms = this.#gates.map((gate) => new TwoArms(gate));
    }
    try {
      this.#options.onChange?.(change, this);
    } catch (error) {
      this.#fault(error);
    }
  }

  #fault(error: unknown): void {
    try {
      this.#options.onFault?.(error);
    } catch {
      // Nobody is left to be told.
    }
  }
}

/** Each of the first calls, then each fiftieth part more: a look goes through all groups, and one more call shows next to nothing more. */
function isWorthALook(calls: number): boolean {
  return calls <= 50 || fiftieths(calls) > fiftieths(calls - 1);
}

function fiftieths(calls: number): number {
  return Math.floor(Math.log(calls) / Math.log(1.02));
}

function checkSteps(steps: readonly number[]): void {
  if (!Array.isArray(steps) || steps.length === 0) throw invalid("`steps` must be a list of shares, one or more.");
  let before = 0;
  for (const [place, share] of steps.entries()) {
    if (!(share > before && share < 1))
      throw invalid(`\`steps[${place}]\` must be above ${before} and below 1; it is ${String(share)}.`);
    before = share;
  }
}

function invalid(message: string): ModelError {
  return new ModelError(message, { code: "invalid-request" });
}
