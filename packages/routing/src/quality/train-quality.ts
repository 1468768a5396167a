import type { Measurement } from "@plugboard/core";
import { fitQuality } from "./fit-quality.ts";
import type { QualityModel } from "./quality-model.ts";
import { gathered, recordedItems } from "./recorded-item.ts";
import type { RecordingOptions } from "./recorded-item.ts";
import { trainedQuality } from "./trained-quality.ts";

/** How a quality model is trained. */
export interface TrainOptions extends RecordingOptions {
  /** The segment by which tasks go. @default "task" */
  readonly task?: string;
  /** What the measurements are, for whoever finds the file: kept in its provenance. */
  readonly source?: string;
  /** The clock, in milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
}

/**
 * Learns from an evaluation what to expect of each model for a request: a table by task, and what words, surface and the most similar prompts
 * add to it. What does not improve on the table on items that were not learned from is left out, so with no signal it is the table, and with
 * no tasks the mean of each model. Ten thousand items take a few seconds, without network.
 *
 * The texts themselves are not kept: of each, hashes of twenty words.
 *
 * @throws {ModelError} `invalid-request` if there are no scores, they leave 0 to 1, or it is not clear which scorer is meant
 * @example
 * const quality = await trainQuality(readMeasurements("evaluation.jsonl"), { source: "support tickets, May 2026" });
 * writeFileSync("quality.json", JSON.stringify(quality));
 */
export async function trainQuality(
  measurements: Iterable<Measurement> | AsyncIterable<Measurement>,
  { now = Date.now, ...options }: TrainOptions = {},
): Promise<QualityModel> {
  const recording = recordedItems(await gathered(measurements), options);
  return trainedQuality(fitQuality(recording, { ...options, now: now() }).file);
}
