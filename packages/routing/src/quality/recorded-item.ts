import type { Measurement } from "@plugboard/core";
import { refused } from "../refused.ts";

/** What one model did on an item. Of several repeats, means; the output is that of the first. */
export interface RecordedResult {
  /** From 0 to 1. */
  readonly score: number;
  /** Nano-dollars. */
  readonly cost?: number;
  readonly outputTokens?: number;
  /** The text of the answer. */
  readonly output?: string;
}

/** An item of an evaluation, and what each model did on it. */
export interface RecordedItem {
  readonly item: string;
  /** The words of the prompt; empty where they were not kept. */
  readonly text: string;
  readonly segments: Readonly<Record<string, string>>;
  /** Items of one cluster are never told apart: they are learned from together, or tested together. */
  readonly cluster: string;
  /** By the model's name. */
  readonly results: ReadonlyMap<string, RecordedResult>;
}

/** The items of an evaluation. */
export interface Recording {
  readonly items: readonly RecordedItem[];
  /** In the order in which they were first met. */
  readonly models: readonly string[];
  readonly scorer: string;
  readonly measurements: number;
}

/** Which scores of the measurements are meant. */
export interface RecordingOptions {
  /** The scorer's name. It may be left out if the measurements have one only. */
  readonly scorer?: string;
}

interface Sums {
  score: number;
  scores: number;
  cost: number;
  costs: number;
  tokens: number;
  counts: number;
  output: string | undefined;
}

/**
 * Groups measurements by item. Those that the scorer did not judge are left out.
 *
 * @throws {ModelError} `invalid-request` if there are none, scores leave 0 to 1, or it is not clear which scorer is meant
 */
export function recordedItems(measurements: Iterable<Measurement>, { scorer }: RecordingOptions = {}): Recording {
  const items = new Map<string, { readonly first: Measurement; readonly results: Map<string, Sums> }>();
  const models = new Set<string>();
  let chosen = scorer;
  let count = 0;
  for (const measurement of measurements) {
    chosen ??= onlyScorer(measurement);
    const score = chosen === undefined ? undefined : measurement.scores[chosen];
    if (scorer === undefined && Object.keys(measurement.scores).some((name) => name !== chosen))
      throw refused(
        `\`scorer\` must be given where there are several; the measurements have ${Object.keys(measurement.scores).join(", ")}.`,
      );
    if (score === undefined) continue;
    if (!(score >= 0 && score <= 1))
      throw refused(`Scores must be from 0 to 1; that of ${measurement.model} on ${measurement.item} is ${score}.`);
    count++;
    models.add(measurement.model);
    let item = items.get(measurement.item);
    if (!item) items.set(measurement.item, (item = { first: measurement, results: new Map() }));
    add(item.results, measurement, score);
  }
  if (count === 0 || chosen === undefined) {
    const what = scorer === undefined ? "" : ` by the scorer ${JSON.stringify(scorer)}`;
    throw refused(`There are no scores${what} in the measurements.`);
  }
  return {
    items: [...items].map(([item, { first, results }]) => ({
      item,
      text: first.prompt ?? "",
      segments: first.segments ?? {},
      cluster: first.cluster ?? item,
      results: new Map([...results].map(([model, sums]) => [model, resultOf(sums)])),
    })),
    models: [...models],
    scorer: chosen,
    measurements: count,
  };
}

/** Reads measurements from whatever gives them. */
export async function gathered(
  measurements: Iterable<Measurement> | AsyncIterable<Measurement>,
): Promise<readonly Measurement[]> {
  const all: Measurement[] = [];
  for await (const measurement of measurements) all.push(measurement);
  return all;
}

function onlyScorer({ scores }: Measurement): string | undefined {
  const names = Object.keys(scores);
  return names.length === 1 ? names[0] : undefined;
}

function add(results: Map<string, Sums>, { model, cost, usage, output }: Measurement, score: number): void {
  let sums = results.get(model);
  if (!sums) {
    sums = { score: 0, scores: 0, cost: 0, costs: 0, tokens: 0, counts: 0, output: undefined };
    results.set(model, sums);
  }
  sums.score += score;
  sums.scores++;
  sums.output ??= output;
  if (cost) {
    sums.cost += cost.total;
    sums.costs++;
  }
  if (usage?.output !== undefined) {
    sums.tokens += usage.output;
    sums.counts++;
  }
}

function resultOf({ score, scores, cost, costs, tokens, counts, output }: Sums): RecordedResult {
  return {
    score: score / scores,
    ...(costs > 0 && { cost: cost / costs }),
    ...(counts > 0 && { outputTokens: tokens / counts }),
    ...(output !== undefined && { output }),
  };
}
