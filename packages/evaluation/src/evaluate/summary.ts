import type { Measurement, NanoDollars } from "@plugboard/core";
import { meanInterval } from "@plugboard/statistics";
import type { Interval } from "@plugboard/statistics";
import { NumberColumn } from "./number-column.ts";

/** What an evaluation found of each model. */
export interface EvaluationSummary {
  readonly models: Readonly<Record<string, ModelSummary>>;
  /** Rows passed over since they are not what they must be. */
  readonly badRows: number;
}

/** What an evaluation found of one model. */
export interface ModelSummary {
  /** Answers and failures. */
  readonly measured: number;
  /** Without an answer. They have no scores, and are in none of the means. */
  readonly failed: number;
  /** Of all calls whose price is known. */
  readonly cost: NanoDollars;
  /** The mean of each score, by the scorer's name. */
  readonly scores: Readonly<Record<string, MeanScore>>;
}

/** A mean over the items that were scored. */
export interface MeanScore {
  readonly count: number;
  readonly mean: number;
  /** Where the true mean is expected; absent for fewer than two items, and where the values are too alike or too few to tell. */
  readonly interval?: Interval;
}

interface Gathered {
  measured: number;
  failed: number;
  cost: number;
  /** What each measurement belongs to. */
  readonly clusters: string[];
  /** By measurement; missing where a scorer said nothing. */
  readonly scores: Map<string, NumberColumn>;
}

/** Gathers measurements as they come, for the summary at the end. */
export class SummaryBuilder {
  readonly #models = new Map<string, Gathered>();
  #clustered = false;

  add({ model, scores, error, cost, cluster, item, repeat }: Measurement): void {
    let gathered = this.#models.get(model);
    if (!gathered) {
      gathered = { measured: 0, failed: 0, cost: 0, clusters: [], scores: new Map() };
      this.#models.set(model, gathered);
    }
    if (error) gathered.failed++;
    gathered.cost += cost?.total ?? 0;
    gathered.clusters.push(cluster ?? item);
    if (cluster !== undefined || (repeat ?? 0) > 0) this.#clustered = true;
    for (const name in scores) {
      let values = gathered.scores.get(name);
      if (!values) gathered.scores.set(name, (values = new NumberColumn()));
      values.set(gathered.measured, scores[name]!);
    }
    gathered.measured++;
  }

  summary(badRows: number): EvaluationSummary {
    const models: Record<string, ModelSummary> = {};
    for (const [model, { measured, failed, cost, scores, clusters }] of this.#models) {
      const means: Record<string, MeanScore> = {};
      for (const [name, values] of scores) means[name] = meanOf(values, this.#clustered ? clusters : undefined);
      models[model] = { measured, failed, cost, scores: means };
    }
    return { models, badRows };
  }
}

/** @param clusters - where items belong together, repeats of one among them */
function meanOf(scores: NumberColumn, clusters: readonly string[] | undefined): MeanScore {
  const values = scores.values();
  const count = values.length;
  let [sum, least, most] = [0, Infinity, -Infinity];
  for (const value of values) {
    sum += value;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  const mean = sum / count;
  const keys = clusters && scores.places().map((place) => clusters[place]!);
  if (count < 2 || (keys && new Set(keys).size < 2)) return { count, mean };
  const interval = meanInterval(values, {
    ...(keys && { clusters: keys }),
    ...(least >= 0 && most <= 1 && { bounds: [0, 1] as const }),
  });
  return { count, mean, interval };
}
