import { seededRandom } from "@plugboard/statistics";
import { fitAmounts } from "./amounts.ts";
import { calibrate } from "./calibrate.ts";
import { crossFit, leftOver, neighbourTerms, penalties, surfacePenalty } from "./cross-fit.ts";
import type { CrossFit, LearningSet } from "./cross-fit.ts";
import { rowOf, scalingOf } from "./design.ts";
import { neighboursOf } from "./neighbours.ts";
import { packColumns, packNumbers } from "./packed.ts";
import type { QualityModelFile } from "./quality-model-file.ts";
import type { Recording } from "./recorded-item.ts";
import { ridge, ridgeMatrix } from "./ridge.ts";
import type { RidgeWeights } from "./ridge.ts";
import { scoreColumns } from "./score-columns.ts";
import { stackOf } from "./stack.ts";
import type { Stack } from "./stack.ts";
import { taskTable } from "./task-table.ts";
import { textFeatures } from "./text-features.ts";
import { calibrated } from "./trained-quality.ts";

/** How a quality model is learned. */
export interface FitOptions {
  /** The segment by which tasks go. @default "task" */
  readonly task?: string;
  /** What the measurements are, kept in the model's provenance. */
  readonly source?: string;
  /** Milliseconds since 1970, kept in the provenance. */
  readonly now: number;
}

const folds = 3;
const noTask = 65_535;
/** More texts than these are not kept as neighbours. */
const mostNeighbours = 10_000;

/** What was learned, and what it came to. */
export interface FittedQuality {
  readonly file: QualityModelFile;
  /** What was expected of each item of the recording by what was learned from others: `item × models + model`. */
  readonly expected: Float64Array;
}

/** Learns what to expect of each model, and how far to believe it. */
export function fitQuality(recording: Recording, options: FitOptions): FittedQuality {
  const { items, models, scorer, measurements } = recording;
  const { task = "task", source, now } = options;
  const { base, values, targets } = scoreColumns(items, models);
  const tasks = [...new Set(items.flatMap(({ segments }) => segments[task] ?? []))].slice(0, noTask);
  const numbers = new Map(tasks.map((name, place) => [name, place]));
  const taskOf = Int32Array.from(items, ({ segments }) => numbers.get(segments[task] ?? "") ?? -1);
  const bits = bitsFor(targets);
  const features = items.map(({ text }) => textFeatures(text, bits));
  const scaling = scalingOf(features, bits);
  const rows = features.map((feature) => rowOf(feature, scaling));
  const set: LearningSet = { rows, scaling, taskOf, tasks: tasks.length, values, targets };

  const crossed = crossFit(set, foldsOf(recording), folds);
  const level = stackOf(crossed, values, targets, [0, 1]);
  const contrast = stackOf(crossed, values, targets, [1, targets]);
  const everyone = Int32Array.from(items.keys());
  const table = taskTable(values, targets, everyone, taskOf, tasks.length);
  const left = leftOver(set, everyone, table);
  const words = wordsOf(set, left, level, contrast);
  const isTexts = items.some(({ text }) => text !== "");
  const hasNearest = level.nearest > 0 || contrast.nearest > 0;

  const tokens = fitAmounts({ items, models, rows, taskOf, tasks: tasks.length }, ({ outputTokens }) => outputTokens);

  const raw = expectedOf(base, targets, crossed, level, contrast);
  const calibration = calibrationsOf(recording, raw);
  const expected = raw.map((value, place) => calibrated(calibration[place % models.length]!, value).quality);
  const file: QualityModelFile = {
    format: "plugboard-quality-model",
    version: 1,
    provenance: {
      trained: new Date(now).toISOString(),
      items: items.length,
      measurements,
      scorer,
      ...(source !== undefined && { source }),
      found: [found("level", level), ...(models.length > 1 ? [found("contrast", contrast)] : [])],
    },
    models,
    base: Array.from(base, rounded),
    task,
    tasks,
    table: Array.from(table, rounded),
    calibration,
    ...(isTexts && {
      text: {
        bits,
        rarity: packColumns(Float64Array.from(scaling.rarity), 1),
        surfaceMean: Array.from(scaling.surfaceMean, rounded),
        surfaceDeviation: Array.from(scaling.surfaceDeviation, rounded),
        ...(words && { words: packColumns(words.words, targets), surface: Array.from(words.surface, rounded) }),
      },
    }),
    ...(isTexts && (hasNearest || tasks.length > 1) && neighbourFile(set, left, level, contrast)),
    ...(tokens && { tokens }),
  };
  return { file, expected };
}

/** Fewer buckets for many models, so that the file stays small. */
function bitsFor(targets: number): number {
  let bits = 16;
  while (bits > 10 && targets << bits > 850_000) bits--;
  return bits;
}

/** By chance, the same for the same recording; items of one cluster together. */
function foldsOf({ items }: Recording): Int32Array {
  const random = seededRandom(1);
  const foldOf = new Map<string, number>();
  return Int32Array.from(items, ({ cluster }) => {
    let fold = foldOf.get(cluster);
    if (fold === undefined) foldOf.set(cluster, (fold = Math.floor(random() * folds)));
    return fold;
  });
}

/** The weights of words and surface, times how much they are believed; undefined where not at all. */
function wordsOf(set: LearningSet, left: Float64Array, level: Stack, contrast: Stack): RidgeWeights | undefined {
  const { rows, targets, scaling } = set;
  if (level.words === 0 && contrast.words === 0) return undefined;
  const matrix = ridgeMatrix(rows, scaling.rarity.length);
  const fit = (penalty: number): RidgeWeights =>
    ridge(matrix, left, targets, { words: penalty, surface: surfacePenalty });
  const ofLevel = fit(level.penalty);
  const ofContrast = level.penalty === contrast.penalty ? ofLevel : fit(contrast.penalty);
  const believed = (of: "words" | "surface"): Float64Array =>
    ofContrast[of].map((weight, place) =>
      place % targets === 0 ? ofLevel[of][place]! * level.words : weight * contrast.words,
    );
  return { targets, words: believed("words"), surface: believed("surface") };
}

function neighbourFile(
  set: LearningSet,
  left: Float64Array,
  level: Stack,
  contrast: Stack,
): Pick<QualityModelFile, "neighbours"> {
  const { targets, taskOf } = set;
  const every = Math.ceil(set.rows.length / mostNeighbours);
  const kept = Array.from(set.rows.keys()).filter((row) => row % every === 0);
  const { buckets } = neighboursOf(
    kept.map((row) => set.rows[row]!),
    neighbourTerms,
  );
  const believed = new Float64Array(kept.length * targets);
  for (const [place, row] of kept.entries())
    for (let target = 0; target < targets; target++)
      believed[place * targets + target] =
        left[row * targets + target]! * (target === 0 ? level.nearest : contrast.nearest);
  const tasks = Uint16Array.from(kept, (row) => (taskOf[row]! < 0 ? noTask : taskOf[row]!));
  return {
    neighbours: {
      terms: neighbourTerms,
      buckets: packNumbers(buckets),
      tasks: packNumbers(tasks),
      ...((level.nearest > 0 || contrast.nearest > 0) && { values: packColumns(believed, targets) }),
    },
  };
}

/** What was expected of items that had not been learned from: `item × models + model`. */
function expectedOf(
  base: Float64Array,
  targets: number,
  crossed: CrossFit,
  level: Stack,
  contrast: Stack,
): Float64Array {
  const size = base.length;
  const expected = new Float64Array((crossed.table.length / targets) * size);
  const [levelWords, contrastWords] = [level, contrast].map(
    ({ penalty }) => crossed.words[penalties.indexOf(penalty)]!,
  );
  for (let place = 0; place < expected.length; place++) {
    const model = place % size;
    const common = ((place - model) / size) * targets;
    const own = common + 1 + model;
    expected[place] =
      base[model]! +
      crossed.table[common]! +
      crossed.table[own]! +
      level.words * levelWords![common]! +
      level.nearest * crossed.nearest[common]! +
      contrast.words * contrastWords![own]! +
      contrast.nearest * crossed.nearest[own]!;
  }
  return expected;
}

/** Of each model, by what it did on the items where that is known. */
function calibrationsOf({ items, models }: Recording, expected: Float64Array): QualityModelFile["calibration"] {
  return models.map((model, place) => {
    const known = Array.from(items.keys()).filter((item) => items[item]!.results.has(model));
    return calibrate(
      known.map((item) => expected[item * models.length + place]!),
      known.map((item) => items[item]!.results.get(model)!.score),
    );
  });
}

function found(part: "level" | "contrast", stack: Stack): QualityModelFile["provenance"]["found"][number] {
  return {
    part,
    table: rounded(stack.tableShare),
    text: rounded(stack.share),
    gain: rounded(stack.gain),
    words: rounded(stack.words),
    nearest: rounded(stack.nearest),
  };
}

function rounded(value: number): number {
  return Number(value.toPrecision(5));
}
