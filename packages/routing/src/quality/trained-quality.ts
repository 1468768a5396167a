import { isotonicValue, plattProbability } from "@plugboard/statistics";
import { refused } from "../refused.ts";
import { expectedAmount } from "./amounts.ts";
import { readText } from "./design.ts";
import type { Row, Scaling } from "./design.ts";
import { NeighbourSearch } from "./neighbours.ts";
import { unpackNumbers, unpackSigned } from "./packed.ts";
import type { PackedColumns } from "./packed.ts";
import type { QualityCalibration, QualityModelFile } from "./quality-model-file.ts";
import type { QualityEstimate, QualityModel, QualityPrompt } from "./quality-model.ts";

/**
 * The quality model that a file holds: what {@link trainQuality} made, and `JSON.stringify` wrote.
 *
 * @throws {ModelError} `invalid-request` for what is no such file, or of a later version
 * @example
 * const quality = trainedQuality(JSON.parse(readFileSync("quality.json", "utf8")));
 */
export function trainedQuality(file: unknown): QualityModel {
  const known = checked(file);
  const predictor = new Predictor(known);
  return {
    models: known.models,
    predict: (prompt) => predictor.predict(prompt),
    toJSON: () => known,
  };
}

/** @throws {ModelError} `invalid-request` */
function checked(file: unknown): QualityModelFile {
  const named = typeof file === "object" && file !== null ? (file as Partial<QualityModelFile>) : {};
  if (named.format !== "plugboard-quality-model")
    throw refused('A quality model is JSON with `format` "plugboard-quality-model"; this is something else.');
  if (named.version !== 1)
    throw refused(`This is a quality model of version ${String(named.version)}; version 1 is accepted.`);
  const targets = 1 + (named.models?.length ?? 0);
  const isWhole =
    Array.isArray(named.models) &&
    named.base?.length === named.models.length &&
    named.calibration?.length === named.models.length &&
    named.table?.length === (named.tasks?.length ?? -1) * targets;
  if (!isWhole) throw refused("The quality model is not whole: its models, table and calibration do not fit together.");
  return named as QualityModelFile;
}

class Predictor {
  readonly #file: QualityModelFile;
  readonly #targets: number;
  readonly #taskOf: ReadonlyMap<string, number>;
  readonly #scaling: Scaling | undefined;
  readonly #words: Int8Array | undefined;
  readonly #search: NeighbourSearch | undefined;
  readonly #neighbourTasks: Uint16Array | undefined;
  readonly #neighbourValues: Int8Array | undefined;
  /** What is added up for a prompt; used again for each. */
  readonly #sums: Float64Array;
  readonly #share: Float64Array;

  constructor(file: QualityModelFile) {
    const { models, tasks, text, neighbours } = file;
    this.#file = file;
    this.#targets = 1 + models.length;
    this.#taskOf = new Map(tasks.map((task, place) => [task, place]));
    this.#sums = new Float64Array(this.#targets);
    this.#share = new Float64Array(tasks.length);
    if (!text) return;
    this.#scaling = {
      bits: text.bits,
      rarity: Float32Array.from(unpackSigned(text.rarity.bytes), (byte) => byte * text.rarity.scales[0]!),
      surfaceMean: Float64Array.from(text.surfaceMean),
      surfaceDeviation: Float64Array.from(text.surfaceDeviation),
    };
    this.#words = text.words && unpackSigned(text.words.bytes);
    if (!neighbours) return;
    this.#neighbourTasks = unpackNumbers(neighbours.tasks);
    this.#neighbourValues = neighbours.values && unpackSigned(neighbours.values.bytes);
    const buckets = unpackNumbers(neighbours.buckets);
    this.#search = new NeighbourSearch(
      { rows: this.#neighbourTasks.length, terms: neighbours.terms, buckets },
      this.#scaling,
    );
  }

  predict({ text, segments }: QualityPrompt): QualityEstimate[] {
    const file = this.#file;
    const sums = this.#sums.fill(0);
    const row = this.#scaling && readText(text, this.#scaling);
    this.#share.fill(0);
    const task = this.#taskOf.get(segments?.[file.task] ?? "");
    if (task !== undefined) this.#share[task] = 1;
    if (row) {
      this.#addNeighbours(row, task === undefined);
      this.#addText(row);
    }
    this.#addTable();
    return file.models.map((model, place) => {
      const expected = calibrated(file.calibration[place]!, file.base[place]! + sums[0]! + sums[1 + place]!);
      const tokens = row && this.#tokens(place, row);
      return estimateOf(model, expected, tokens);
    });
  }

  /** What is left of the scores of the nearest; and their tasks, where the task is not told. */
  #addNeighbours(row: Row, infer: boolean): void {
    const values = this.#neighbourValues;
    const scales = this.#file.neighbours?.values?.scales;
    if (!this.#search || (!infer && !values)) return;
    this.#search.near(row, (neighbour, share) => {
      const task = this.#neighbourTasks![neighbour]!;
      if (infer && task < this.#share.length) this.#share[task]! += share;
      if (values) addColumns(this.#sums, values, scales!, neighbour, share);
    });
  }

  #addText(row: Row): void {
    const { text } = this.#file;
    if (this.#words && text?.words)
      for (let place = 0; place < row.buckets.length; place++) {
        const weight = row.weights[place]!;
        if (weight !== 0) addColumns(this.#sums, this.#words, text.words.scales, row.buckets[place]!, weight);
      }
    if (text?.surface)
      for (let place = 0; place < row.surface.length; place++)
        for (let target = 0; target < this.#targets; target++)
          this.#sums[target]! += row.surface[place]! * text.surface[place * this.#targets + target]!;
  }

  #addTable(): void {
    for (let task = 0; task < this.#share.length; task++) {
      const share = this.#share[task]!;
      if (share === 0) continue;
      for (let target = 0; target < this.#targets; target++)
        this.#sums[target]! += share * this.#file.table[task * this.#targets + target]!;
    }
  }

  #tokens(model: number, row: Row): number | undefined {
    const { tokens } = this.#file;
    const expected = tokens && expectedAmount(tokens, model, row.surface, this.#share.entries());
    return expected === undefined ? undefined : Math.max(1, Math.round(expected));
  }
}

function estimateOf(
  model: string,
  { quality, low, high }: Pick<QualityEstimate, "quality" | "low" | "high">,
  outputTokens: number | undefined,
): QualityEstimate {
  return outputTokens === undefined ? { model, quality, low, high } : { model, quality, low, high, outputTokens };
}

/** Adds a row of packed columns, times a weight. */
function addColumns(
  sums: Float64Array,
  bytes: Int8Array,
  scales: PackedColumns["scales"],
  row: number,
  weight: number,
): void {
  const from = row * sums.length;
  for (let target = 0; target < sums.length; target++)
    sums[target]! += weight * bytes[from + target]! * scales[target]!;
}

/** The expectation on the scale of scores, and its interval. */
export function calibrated(
  { platt, isotonic, at, low, high }: QualityCalibration,
  raw: number,
): Pick<QualityEstimate, "quality" | "low" | "high"> {
  const mapped = isotonic ? isotonicValue(isotonic, raw) : platt ? plattProbability(platt, raw) : raw;
  const quality = Math.min(1, Math.max(0, mapped));
  return {
    quality,
    low: Math.min(1, Math.max(0, Math.min(quality, quality + between(at, low, quality)))),
    high: Math.min(1, Math.max(0, Math.max(quality, quality + between(at, high, quality)))),
  };
}

/** On the line through the points; beyond them, as at the last. */
function between(at: readonly number[], values: readonly number[], where: number): number {
  const above = at.findIndex((place) => place >= where);
  if (above < 0) return values.at(-1) ?? 0;
  if (above === 0) return values[0]!;
  const share = (where - at[above - 1]!) / (at[above]! - at[above - 1]!);
  return values[above - 1]! + share * (values[above]! - values[above - 1]!);
}
