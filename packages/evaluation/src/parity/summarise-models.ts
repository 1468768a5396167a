import type { Measurement } from "@plugboard/core";
import { meanInterval } from "@plugboard/statistics";
import type { Interval } from "@plugboard/statistics";
import type { ComparedModel } from "./comparison.ts";
import type { SettledGate } from "./gate.ts";
import { measures } from "./measures.ts";
import { meanOf } from "./mean-of.ts";
import type { Answers, PairedItem } from "./pair-items.ts";
import { worstScore } from "./sample-of.ts";
import type { Applies } from "./sample-of.ts";
import { shareBounds } from "./share-bounds.ts";

/** What models are summed up by. */
export interface SummaryOptions {
  readonly items: readonly PairedItem[];
  /** Whose score is the quality. */
  readonly quality?: SettledGate | undefined;
  readonly applies: Applies;
  readonly confidence: number;
  /** Which models come first. */
  readonly first: readonly string[];
}

/** Sums up every model on the items that are compared. */
export function summariseModels({ byModel }: Answers, options: SummaryOptions): readonly ComparedModel[] {
  const names = [...new Set([...options.first, ...byModel.keys()])];
  const summaries = names.map((model) => summarise(model, byModel.get(model)!, options));
  const better = options.quality?.better === "lower" ? -1 : 1;
  return summaries.map((summary) => {
    const { quality, cost } = summary;
    if (!quality || !cost) return summary;
    const isBeaten = summaries.some((other) => {
      if (!other.quality || !other.cost) return false;
      const gain = better * (other.quality.estimate - quality.estimate);
      const saving = cost.estimate - other.cost.estimate;
      return gain >= 0 && saving >= 0 && gain + saving > 0;
    });
    return Object.assign(summary, { isOnFront: !isBeaten });
  });
}

function summarise(
  model: string,
  byItem: ReadonlyMap<string, readonly Measurement[]>,
  { items, quality, applies, confidence }: SummaryOptions,
): ComparedModel {
  const asked = items.filter(({ item }) => byItem.has(item));
  const errors: Record<string, number> = {};
  const costs: Figure[] = [];
  const scores: Figure[] = [];
  for (const item of asked) {
    const answers = byItem.get(item.item)!;
    const cluster = item.cluster ?? item.item;
    for (const { error } of answers) if (error) errors[error.code] = (errors[error.code] ?? 0) + 1;
    pushMean(costs, cluster, answers.map(measures.cost.read));
    if (quality && "score" in quality.subject && applies(quality.subject.score, item)) {
      const { score } = quality.subject;
      const worst = worstScore(quality);
      pushMean(
        scores,
        cluster,
        answers.map(({ error, scores }) => (error ? worst : scores[score])),
      );
    }
  }
  const [qualityInterval, costInterval] = [intervalOf(scores, true, confidence), intervalOf(costs, false, confidence)];
  return {
    model,
    items: asked.length,
    ...(qualityInterval && { quality: qualityInterval }),
    ...(costInterval && { cost: costInterval }),
    errors,
  };
}

/** An item's figure. */
interface Figure {
  readonly value: number;
  readonly cluster: string;
}

function pushMean(figures: Figure[], cluster: string, values: readonly (number | undefined)[]): void {
  const known = values.filter((value) => value !== undefined);
  if (known.length > 0) figures.push({ value: meanOf(known), cluster });
}

function intervalOf(figures: readonly Figure[], isShare: boolean, confidence: number): Interval | undefined {
  const clusters = figures.map(({ cluster }) => cluster);
  const groups = new Set(clusters).size;
  if (groups < 2) return undefined;
  const values = figures.map(({ value }) => value);
  return meanInterval(values, {
    confidence,
    ...(isShare && { bounds: shareBounds(values) }),
    ...(groups < figures.length && { clusters }),
  });
}
