import { checkOption, orCalledOff } from "@plugboard/core";
import type { Measurement } from "@plugboard/core";
import { hashedShare } from "@plugboard/statistics";
import type { Gate } from "../parity/gate.ts";
import { levelsOf, testsOf } from "../parity/running-gate.ts";
import type { RunningLevels } from "../parity/running-gate.ts";
import { checkConfidence, liveGates } from "./live-gate.ts";
import type { LiveGateResult } from "./live-gate.ts";
import { PairedGate } from "./paired-gate.ts";

/** Two answers to one question. */
export interface ShadowPair {
  readonly baseline: Measurement;
  readonly candidate: Measurement;
}

/** How traffic is shadowed. */
export interface ShadowOptions {
  /** Of calls; drawn by user where there is one, so that the same users are shadowed. */
  readonly share: number;
  /** Milliseconds that the candidate has for each answer. @default 60000 */
  readonly deadline?: number;
  /** Calls of the candidate that are under way at once; what comes on top is skipped, and counted. @default 8 */
  readonly concurrency?: number;
  /** What would have to hold for the candidate to take over, as far as this traffic says; of means. @default none */
  readonly gates?: Readonly<Record<string, Gate>>;
  /** How sure the verdicts of the gates are, over all looks together. @default 0.95 */
  readonly confidence?: number;
  /** Takes each pair: to write it down, say, for `compare`. */
  readonly record?: (pair: ShadowPair) => void | Promise<void>;
  /** Told of what fails beside the calls: `record`, a scorer's figure. */
  readonly onFault?: (error: unknown) => void;
  /** Draws calls without a user. @default Math.random */
  readonly random?: () => number;
}

/** What a shadow has come to. Plain JSON. */
export interface ShadowState {
  /** Calls that could have been shadowed. */
  readonly offered: number;
  /** Pairs that were measured, those with an error of the candidate included. */
  readonly pairs: number;
  readonly inFlight: number;
  /** Drawn, and yet not asked or not counted: too many at once, or the candidate's own budget was spent. */
  readonly skipped: { readonly busy: number; readonly budget: number };
  readonly gates: readonly LiveGateResult[];
}

/** Asks a candidate aside, and compares. */
export interface ShadowRunner {
  /**
   * Takes what the baseline's call came to; asks the candidate, perhaps and later, by `ask`. It returns at once, and throws nothing.
   *
   * @param ask what the candidate comes to, by this time (epoch milliseconds)
   */
  offer(user: string | undefined, baseline: Measurement, ask: (deadline: number) => Promise<Measurement>): void;
  /** When nothing is in flight any more: before a process ends, or in a test. */
  drained(): Promise<void>;
  readonly state: ShadowState;
}

/**
 * Asks a candidate what the baseline has answered already, for a share of the traffic, and compares pair by pair. Nothing of the candidate reaches
 * the traffic: neither its time, nor its failures. What a shadow rests on, for whatever has two ways to answer.
 *
 * A candidate with a `budget` of its own is skipped, and not blamed, when that is spent.
 *
 * @throws {ModelError} `invalid-request` for options that mean nothing
 */
export function shadowRunner(options: ShadowOptions): ShadowRunner {
  return new Runner(options);
}

class Runner implements ShadowRunner {
  readonly #options: ShadowOptions;
  readonly #gates: readonly PairedGate[];
  readonly #terms: { readonly levels: RunningLevels; readonly confidence: number };
  readonly #running = new Set<Promise<void>>();
  #offered = 0;
  #pairs = 0;
  #busy = 0;
  #budget = 0;
  #alone = 0;

  constructor(options: ShadowOptions) {
    const { share, deadline = 60_000, concurrency = 8, gates, confidence = 0.95 } = options;
    checkOption("share", share, { least: 0, most: 1 });
    checkOption("deadline", deadline, { least: 1 });
    checkOption("concurrency", concurrency, { least: 1, whole: true });
    checkConfidence(confidence);
    this.#options = options;
    const settled = gates ? liveGates(gates) : [];
    this.#terms = { levels: levelsOf(confidence, testsOf(settled)), confidence };
    this.#gates = settled.map((gate) => new PairedGate(gate));
  }

  get state(): ShadowState {
    return {
      offered: this.#offered,
      pairs: this.#pairs,
      inFlight: this.#running.size,
      skipped: { busy: this.#busy, budget: this.#budget },
      gates: this.#gates.map((gate) => gate.result(this.#terms)),
    };
  }

  offer(user: string | undefined, baseline: Measurement, ask: (deadline: number) => Promise<Measurement>): void {
    const { share, concurrency = 8, random = Math.random } = this.#options;
    this.#offered += 1;
    const place = user === undefined ? random() : hashedShare(`shadow\0${user}`);
    if (place >= share) return;
    if (this.#running.size >= concurrency) {
      this.#busy += 1;
      return;
    }
    const work = this.#pair(user ?? `\0${this.#alone++}`, baseline, ask).catch((error: unknown) => this.#fault(error));
    const ended = work.finally(() => this.#running.delete(ended));
    this.#running.add(ended);
  }

  async drained(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  async #pair(cluster: string, baseline: Measurement, ask: (deadline: number) => Promise<Measurement>): Promise<void> {
    const { deadline: patience = 60_000, record } = this.#options;
    await nextTurn(); // whatever it does at once, it does after the caller has its answer
    const deadline = Date.now() + patience;
    // One that knows no deadline gives its place up all the same, a little later than one that does.
    const candidate = await orCalledOff(ask(deadline), { deadline: deadline + grace });
    if (candidate.error?.code === "budget") {
      this.#budget += 1;
      return;
    }
    this.#pairs += 1;
    for (const gate of this.#gates) gate.add(cluster, { baseline, candidate });
    await record?.({ baseline, candidate });
  }

  #fault(error: unknown): void {
    try {
      this.#options.onFault?.(error);
    } catch {
      // Nobody is left to be told.
    }
  }
}

/** Milliseconds. */
const grace = 250;

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}
