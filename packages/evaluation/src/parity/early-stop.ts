import type { Measurement } from "@plugboard/core";
import type { OrderFollower } from "../evaluate/evaluate.ts";
import { compareBy } from "./compare.ts";
import type { CompareOptions } from "./compare.ts";
import type { Comparison, EarlyEnd } from "./comparison.ts";
import { contestOf } from "./contest.ts";
import type { Contest, NoContest } from "./contest.ts";
import { EarlyGate } from "./early-gate.ts";
import { settleGates } from "./gate.ts";
import type { SettledGate } from "./gate.ts";
import { runningContest } from "./running-contest.ts";
import type { Sample } from "./sample-of.ts";

/** An item that is asked, and what is known of it. */
interface AskedItem {
  readonly item: string;
  readonly expected: number;
}

/**
 * Follows an evaluation, and ends it as soon as all gates pass or one fails.
 *
 * Answers are looked at in the random order in which their items were asked, not in that in which they came: quick answers are others than slow
 * ones. A percentile has no test that may be looked at any time; its gate is judged once all items are there, so nothing passes before.
 */
export class EarlyStop implements OrderFollower {
  readonly seed: number;
  readonly #options: CompareOptions;
  readonly #tolerance: number;
  readonly #gates: ReadonlyMap<string, EarlyGate>;
  readonly #hasPercentiles: boolean;
  readonly #asked: AskedItem[] = [];
  readonly #lines = new Map<string, Measurement[]>();
  readonly #seen: Measurement[] = [];
  #next = 0;
  #paired = 0;
  #unpaired = 0;
  #rows = 0;
  #isDecided = false;

  constructor(options: CompareOptions, seed: number) {
    const { confidence = 0.95, tolerance = 0.02, gates } = options;
    const settled = settleGates(gates);
    const means = settled.filter(({ quantile }) => quantile === undefined);
    this.seed = seed;
    this.#options = options;
    this.#tolerance = tolerance;
    this.#hasPercentiles = means.length < settled.length;
    const terms = { confidence, tolerance, gates: settled.length };
    this.#gates = new Map(means.map((gate) => [gate.name, new EarlyGate(gate, terms)]));
  }

  rows(count: number): void {
    this.#rows = count;
  }

  next(item: string, measurements: number): boolean {
    if (this.#isDecided) return false;
    this.#asked.push({ item, expected: measurements });
    this.#advance();
    if (!this.#isDecided || (this.#lines.get(item)?.length ?? 0) >= measurements) return !this.#isDecided;
    // It was decided by what was there before this item, of which nobody has been asked.
    this.#asked.pop();
    return false;
  }

  add(measurement: Measurement): void {
    const lines = this.#lines.get(measurement.item);
    if (lines) lines.push(measurement);
    else this.#lines.set(measurement.item, [measurement]);
    this.#advance();
  }

  /** The measurements that were looked at. */
  get seen(): readonly Measurement[] {
    return this.#seen;
  }

  /** What came of it, once the evaluation has ended. */
  comparison(): Comparison {
    const isStopped = this.#isDecided && this.#next < this.#rows;
    const open = isStopped
      ? "It was open when another gate was missed, and nobody was asked any more."
      : "All items were asked, and a test that may stop early has not decided.";
    const late = (gate: SettledGate, sample: Sample): Contest | NoContest =>
      isStopped
        ? { reason: "A percentile is judged when all items are asked, and it stopped before." }
        : contestOf(gate, sample);
    const early: EarlyEnd = { rows: this.#rows, saved: isStopped ? this.#rows - this.#asked.length : 0 };
    const comparison = compareBy(this.#seen, this.#options, {
      gate: (gate, sample) => this.#gates.get(gate.name)?.contestOn(sample, open) ?? late(gate, sample),
      group: (gate, sample) => (gate.quantile === undefined ? runningContest(gate, sample) : late(gate, sample)),
    });
    return { ...comparison, early };
  }

  /** Looks at the items whose answers are all there, as far as all before them are. */
  #advance(): void {
    for (; !this.#isDecided && this.#next < this.#asked.length; this.#next++) {
      const { item, expected } = this.#asked[this.#next]!;
      const lines = this.#lines.get(item) ?? [];
      if (lines.length < expected) return;
      this.#look(item, lines);
    }
  }

  #look(item: string, lines: readonly Measurement[]): void {
    this.#seen.push(...lines);
    const of = (name: string): readonly Measurement[] => lines.filter(({ model }) => model === name);
    const [baseline, candidate] = [of(this.#options.baseline), of(this.#options.candidate)];
    if (baseline.length === 0 || candidate.length === 0) {
      this.#unpaired += lines.length > 0 ? 1 : 0;
      return;
    }
    this.#paired += 1;
    const { cluster, segments = {} } = lines[0]!;
    for (const gate of this.#gates.values()) gate.add({ item, cluster, segments, baseline, candidate });
    const verdicts = [...this.#gates.values()].map(({ verdict }) => verdict);
    const isWhole = this.#unpaired <= this.#tolerance * (this.#paired + this.#unpaired);
    this.#isDecided =
      verdicts.includes("fail") ||
      (!this.#hasPercentiles && isWhole && verdicts.every((verdict) => verdict === "pass"));
  }
}
