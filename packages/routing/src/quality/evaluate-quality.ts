import type { Measurement } from "@plugboard/core";
import { meanInterval } from "@plugboard/statistics";
import type { Interval } from "@plugboard/statistics";
import type { QualityModel } from "./quality-model.ts";
import { gathered, recordedItems } from "./recorded-item.ts";
import type { RecordingOptions } from "./recorded-item.ts";

/** How well a quality model expected what a model scored. */
export interface QualityEvaluation {
  readonly model: string;
  readonly items: number;
  /** Mean of what was expected. */
  readonly expected: number;
  /** Mean of what was scored, with its 95 % interval: a quality model that is right on the whole expects what lies within. */
  readonly scored: Interval;
  /** Mean squared error of what was expected. */
  readonly error: number;
  /** The same of who expects the mean score of every item: what is left to be told apart. */
  readonly plainError: number;
}

/**
 * Holds a quality model against measurements that it was not trained on, for each model that both know.
 *
 * On what it was trained on it looks better than it is.
 *
 * @throws {ModelError} `invalid-request` for measurements as {@link trainQuality} refuses them
 * @example
 * const found = await evaluateQuality(trainedQuality(file), readMeasurements("later.jsonl"));
 */
export async function evaluateQuality(
  quality: QualityModel,
  measurements: Iterable<Measurement> | AsyncIterable<Measurement>,
  options: RecordingOptions = {},
): Promise<readonly QualityEvaluation[]> {
  const { items } = recordedItems(await gathered(measurements), options);
  const pairs = new Map(quality.models.map((model) => [model, { expected: [] as number[], scores: [] as number[] }]));
  for (const { text, segments, results } of items)
    for (const estimate of quality.predict({ text, segments })) {
      const result = results.get(estimate.model);
      if (!result) continue;
      const pair = pairs.get(estimate.model)!;
      pair.expected.push(estimate.quality);
      pair.scores.push(result.score);
    }
  return [...pairs]
    .filter(([, { scores }]) => scores.length > 1)
    .map(([model, { expected, scores }]) => {
      const scored = meanInterval(scores, { bounds: [0, 1] });
      return {
        model,
        items: scores.length,
        expected: mean(expected),
        scored,
        error: mean(scores.map((score, place) => (score - expected[place]!) ** 2)),
        plainError: mean(scores.map((score) => (score - scored.estimate) ** 2)),
      };
    });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
