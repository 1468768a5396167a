import type { Measurement, NanoDollars } from "@plugboard/core";
import { meanInterval } from "@plugboard/statistics";
import type { Interval } from "@plugboard/statistics";

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

/** Eight bytes a score, and where items belong together their names. */
interface Values {
  readonly values: number[];
  readonly clusters: string[];
}

interface Gathered {
  measured: number;
  failed: number;
  cost: number;
  readonly scores: Map<string, Values>;
}

/** Gathers measurements as they come, for the summary at the end. */
export class SummaryBuilder {
  readonly #models = new Map<string, Gathered>();
  #clustered = false;

  add({ model, scores, error, cost, cluster, item, repeat }: Measurement): void {
    let gathered = this.#models.get(model);
    if (!gathered) this.#models.set(model, (gathered = { measured: 0, failed: 0, cost: 0, scores: new Map() }));
    gathered.measured++;
    if (error) gathered.failed++;
    gathered.cost += cost?.total ?? 0;
    if (cluster !== undefined || (repeat ?? 0) > 0) this.#clustered = true;
    for (const name in scores) {
      let values = gathered.scores.get(name);
      if (!values) gathered.scores.set(name, (values = { values: [], clusters: [] }));
      values.values.push(scores[name]!);
      values.clusters.push(cluster ?? item);
    }
  }

  summary(badRows: number): EvaluationSummary {
    const models: Record<string, ModelSummary> = {};
    for (const [model, { measured, failed, cost, scores }] of this.#models) {
      const means: Record<string, MeanScore> = {};
      for (const [name, values] of scores) means[name] = meanOf(values, this.#clustered);
      models[model] = { measured, failed, cost, scores: means };
    }
    return { models, badRows };
  }
}

/** @param clustered - whether items belong together, repeats of one among them */
function meanOf({ values, clusters }: Values, clustered: boolean): MeanScore {
  const count = values.length;
  let [sum, least, most] = [0, Infinity, -Infinity];
  for (const value of values) {
    sum += value;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  const mean = sum / count;
  if (count < 2 || (clustered && new Set(clusters).size < 2)) return { count, mean };
  const bounded = least >= 0 && most <= 1;
  const interval = meanInterval(values, {
    ...(clustered && { clusters }),
    ...(bounded && { bounds: [0, 1] as const }),
  });
  return { count, mean, interval };
}
