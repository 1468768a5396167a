import { ModelError } from "@plugboard/core";
import type { Measurement } from "@plugboard/core";
import type { SettledGate } from "./gate.ts";
import type { PairedItem } from "./pair-items.ts";

/** What one gate compares: for each item that both models have a figure of, all figures of both. */
export interface Sample {
  readonly items: readonly PairedItem[];
  /** The figures of each item's repeats, one or more; in the order of `items`. */
  readonly baseline: readonly (readonly number[])[];
  readonly candidate: readonly (readonly number[])[];
  /** What each item belongs to; left out if each stands by itself. */
  readonly clusters?: readonly string[];
  /** Items that the gate is about and that have no figure of this model, though it answered: a scorer could not judge, a provider did not tell. */
  readonly unjudged: { readonly baseline: readonly string[]; readonly candidate: readonly string[] };
}

/** Which items a score is about. */
export type Applies = (score: string, item: PairedItem) => boolean;

/** What stands in for the score of an answer that is not there. */
export function worstScore({ better }: Pick<SettledGate, "better">): number {
  return better === "lower" ? 1 : 0;
}

/**
 * Takes what a gate compares out of the items.
 *
 * @throws {ModelError} `invalid-request` if a score is not from 0 to 1, or another figure is negative
 */
export function sampleOf(gate: SettledGate, items: readonly PairedItem[], applies: Applies): Sample {
  const read = readerOf(gate);
  const kept: PairedItem[] = [];
  const baseline: (readonly number[])[] = [];
  const candidate: (readonly number[])[] = [];
  const unjudged = { baseline: [] as string[], candidate: [] as string[] };
  for (const item of items) {
    if (!matches(item, gate.where)) continue;
    if ("score" in gate.subject && !applies(gate.subject.score, item)) continue;
    const [before, after] = [figuresOf(read, item.baseline), figuresOf(read, item.candidate)];
    if (before.length > 0 && after.length > 0) {
      kept.push(item);
      baseline.push(before);
      candidate.push(after);
    }
    // A call that failed has no latency, and that is no gap in what was recorded.
    if (before.length === 0 && answered(item.baseline)) unjudged.baseline.push(item.item);
    if (after.length === 0 && answered(item.candidate)) unjudged.candidate.push(item.item);
  }
  const clusters = clustersOf(kept);
  return { items: kept, baseline, candidate, unjudged, ...(clusters && { clusters }) };
}

/** Whether an item belongs to all the named groups. */
export function matches(
  { segments = {} }: Pick<Measurement, "segments">,
  where: Readonly<Record<string, string>>,
): boolean {
  for (const [name, value] of Object.entries(where)) if (segments[name] !== value) return false;
  return true;
}

/**
 * A score is about an item if any answer to it, of any model, has it. Of an item that nobody answered nothing is known: then a score that all
 * other items have is about it, too.
 */
export function applicability(lines: Iterable<Measurement>): Applies {
  const byItem = new Map<string, Set<string>>();
  for (const { item, error, scores } of lines) {
    if (error) continue;
    let names = byItem.get(item);
    if (!names) byItem.set(item, (names = new Set()));
    for (const name of Object.keys(scores)) names.add(name);
  }
  const everywhere = new Map<string, boolean>();
  return (score, { item }) => {
    const names = byItem.get(item);
    if (names) return names.has(score);
    let all = everywhere.get(score);
    if (all === undefined)
      everywhere.set(score, (all = byItem.size > 0 && [...byItem.values()].every((names) => names.has(score))));
    return all;
  };
}

/** The figure that a gate compares, of one answer; undefined where it has none. */
export type Read = (measurement: Measurement) => number | undefined;

/**
 * How a gate reads an answer.
 *
 * @throws {ModelError} when it is read, `invalid-request` if a score is not from 0 to 1, or another figure is negative
 */
export function readerOf(gate: SettledGate): Read {
  const { name, subject, unit } = gate;
  const most = unit === "share" ? 1 : Number.MAX_VALUE;
  const check = (figure: number | undefined, item: string): number | undefined => {
    if (figure === undefined || (figure >= 0 && figure <= most)) return figure;
    const range = unit === "share" ? "from 0 to 1" : "of at least 0";
    throw new ModelError(`Gate ${name} reads numbers ${range}; of item ${JSON.stringify(item)} it is ${figure}.`, {
      code: "invalid-request",
    });
  };
  if ("measure" in subject) return (measurement) => check(subject.measure.read(measurement), measurement.item);
  const worst = worstScore(gate);
  return ({ error, scores, item }) =>
    error ? worst : check(Object.hasOwn(scores, subject.score) ? scores[subject.score] : undefined, item);
}

function figuresOf(read: Read, measurements: readonly Measurement[]): readonly number[] {
  const figures: number[] = [];
  for (const measurement of measurements) {
    const figure = read(measurement);
    if (figure !== undefined) figures.push(figure);
  }
  return figures;
}

function answered(measurements: readonly Measurement[]): boolean {
  return measurements.some(({ error }) => !error);
}

/** An item without a cluster is one of its own. */
function clustersOf(items: readonly PairedItem[]): readonly string[] | undefined {
  const keys = items.map(({ cluster, item }) => (cluster === undefined ? `item ${item}` : `cluster ${cluster}`));
  return new Set(keys).size < keys.length ? keys : undefined;
}
