import type { IsotonicCurve, PlattCurve } from "@plugboard/statistics";
import type { Amounts } from "./amounts.ts";
import type { PackedColumns } from "./packed.ts";

/** Where a quality model comes from. */
export interface QualityProvenance {
  /** When it was trained, as an ISO date and time. */
  readonly trained: string;
  /** How many items, of how many measurements. */
  readonly items: number;
  readonly measurements: number;
  /** Which scorer's scores it learned to expect. */
  readonly scorer: string;
  /** What the measurements are, in the words of whoever trained it. */
  readonly source?: string;
  /** What was found by cross-validation, and so what the model goes by. */
  readonly found: readonly QualityFinding[];
}

/** What one part of a model has earned, on items it did not learn from. */
export interface QualityFinding {
  /** `level`: how hard a request is for all models. `contrast`: what models differ in, which is what a router goes by. */
  readonly part: "level" | "contrast";
  /** Share of the variance that the table of tasks explains. */
  readonly table: number;
  /** Share that is explained with the words of the prompt besides. */
  readonly text: number;
  /** How many standard errors the words improve on the table. Below 1.645 they are not used. */
  readonly gain: number;
  /** How much the words count, and how much the nearest texts: 0 where they have not earned it. */
  readonly words: number;
  readonly nearest: number;
}

/** How a model's expectation becomes a probability, and how sure it is. */
export interface QualityCalibration {
  readonly platt?: PlattCurve;
  readonly isotonic?: IsotonicCurve;
  /** At these expectations… */
  readonly at: readonly number[];
  /** …the mean score lies between the expectation plus `low` and plus `high`, with 95 % confidence. */
  readonly low: readonly number[];
  readonly high: readonly number[];
}

/** A quality model as plain JSON, below 2 MB. */
export interface QualityModelFile {
  readonly format: "plugboard-quality-model";
  readonly version: 1;
  readonly provenance: QualityProvenance;
  readonly models: readonly string[];
  /** Mean score of each model. */
  readonly base: readonly number[];
  /** By which segment tasks go. */
  readonly task: string;
  readonly tasks: readonly string[];
  /** Of each task how far its level, then the contrast of each model, lies from the mean: `task × (1 + models) + target`. */
  readonly table: readonly number[];
  readonly calibration: readonly QualityCalibration[];
  /** How a text is read, and what its words say. */
  readonly text?: {
    readonly bits: number;
    /** How rare each bucket is. */
    readonly rarity: PackedColumns;
    readonly surfaceMean: readonly number[];
    readonly surfaceDeviation: readonly number[];
    /** Absent where words have not earned their place. */
    readonly words?: PackedColumns;
    readonly surface?: readonly number[];
  };
  /** Texts that were learned from, by hashes of their rarest words: of none can the text be read. */
  readonly neighbours?: {
    readonly terms: number;
    readonly buckets: string;
    /** The number of each text's task, 65535 for none. */
    readonly tasks: string;
    /** What is left of each text's scores after table and words. Absent where it has not earned its place. */
    readonly values?: PackedColumns;
  };
  /** How long answers are expected to be. Absent where the measurements did not tell. */
  readonly tokens?: Amounts;
}
