import type { QualityModelFile } from "./quality-model-file.ts";

/** What a quality model is asked about. */
export interface QualityPrompt {
  /** The words the model will be asked. */
  readonly text: string;
  /** What group the request belongs to, by name of the grouping: `{ task: "algebra" }`. What is not told is inferred from the text. */
  readonly segments?: Readonly<Record<string, string>>;
}

/** What is expected of one model for one request. */
export interface QualityEstimate {
  /** The model's name, as in the measurements. */
  readonly model: string;
  /** The score that is expected, from 0 to 1. */
  readonly quality: number;
  /** The lower end of the interval in which the expected score lies with 95 % confidence. */
  readonly low: number;
  /** The upper end of it. */
  readonly high: number;
  /** How many tokens the answer is expected to have; absent where the measurements did not tell. */
  readonly outputTokens?: number;
}

/** What is expected of each model for a request, before anyone is asked. */
export interface QualityModel {
  /** The names of the models it knows, as in the measurements. */
  readonly models: readonly string[];
  /** The expected score of each known model, in the order of `models`, and how sure that is. Synchronous, well under a millisecond, no network. */
  predict(prompt: QualityPrompt): readonly QualityEstimate[];
  /** What is saved, so that `JSON.stringify(model)` is the file. */
  toJSON(): QualityModelFile;
}
