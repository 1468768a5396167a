import { ModelError } from "@plugboard/core";
import type { Measurement } from "@plugboard/core";

/** An item that both models were asked, with all answers of each. */
export interface PairedItem {
  readonly item: string;
  readonly cluster: string | undefined;
  readonly segments: Readonly<Record<string, string>>;
  /** By their `repeat`, one or more. */
  readonly baseline: readonly Measurement[];
  readonly candidate: readonly Measurement[];
}

/** What could be paired, and what could not. */
export interface Pairing {
  readonly items: readonly PairedItem[];
  /** Names of items that only one model was asked. */
  readonly onlyBaseline: readonly string[];
  readonly onlyCandidate: readonly string[];
  /** Lines that were superseded by a later one of the same item, model and repeat, as a resumed run writes. */
  readonly superseded: number;
}

/** Lines of each model by item; of several of the same repeat, the last. */
export interface Answers {
  readonly byModel: ReadonlyMap<string, ReadonlyMap<string, readonly Measurement[]>>;
  readonly superseded: ReadonlyMap<string, number>;
}

/** Sorts measurements by model and item. */
export function answersOf(measurements: Iterable<Measurement>): Answers {
  const byModel = new Map<string, Map<string, Measurement[]>>();
  const superseded = new Map<string, number>();
  for (const measurement of measurements) {
    const items = entryOf(byModel, measurement.model, () => new Map<string, Measurement[]>());
    const answers = entryOf(items, measurement.item, () => []);
    const repeat = measurement.repeat ?? 0;
    const place = answers.findIndex((other) => (other.repeat ?? 0) === repeat);
    if (place < 0) answers.push(measurement);
    else {
      answers[place] = measurement;
      superseded.set(measurement.model, (superseded.get(measurement.model) ?? 0) + 1);
    }
  }
  for (const items of byModel.values())
    for (const answers of items.values()) answers.sort((left, right) => (left.repeat ?? 0) - (right.repeat ?? 0));
  return { byModel, superseded };
}

function entryOf<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}

/**
 * Puts both models' answers to the same items side by side.
 *
 * @throws {ModelError} `invalid-request` if there is no line of one of them
 */
export function pairItems({ byModel, superseded }: Answers, baseline: string, candidate: string): Pairing {
  const before = itemsOf(byModel, baseline);
  const after = itemsOf(byModel, candidate);
  const items: PairedItem[] = [];
  const onlyBaseline: string[] = [];
  for (const [item, answers] of before) {
    const others = after.get(item);
    if (others) items.push(pairOf(item, answers, others));
    else onlyBaseline.push(item);
  }
  const onlyCandidate = [...after.keys()].filter((item) => !before.has(item));
  const repeated = (superseded.get(baseline) ?? 0) + (superseded.get(candidate) ?? 0);
  return { items, onlyBaseline, onlyCandidate, superseded: repeated };
}

function pairOf(item: string, baseline: readonly Measurement[], candidate: readonly Measurement[]): PairedItem {
  const lines = [...baseline, ...candidate];
  return {
    item,
    cluster: lines.find(({ cluster }) => cluster !== undefined)?.cluster,
    segments: lines.find(({ segments }) => segments)?.segments ?? {},
    baseline,
    candidate,
  };
}

function itemsOf(byModel: Answers["byModel"], model: string): ReadonlyMap<string, readonly Measurement[]> {
  const items = byModel.get(model);
  if (items) return items;
  const known = [...byModel.keys()].slice(0, 10).map((name) => JSON.stringify(name));
  throw new ModelError(
    `There is no measurement of model ${JSON.stringify(model)}; there are some of ${known.join(", ") || "none"}.`,
    { code: "invalid-request" },
  );
}
