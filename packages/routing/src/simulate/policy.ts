import { fitAmounts, expectedAmount } from "../quality/amounts.ts";
import { rowOf, scalingOf } from "../quality/design.ts";
import { fitQuality } from "../quality/fit-quality.ts";
import type { RecordedItem, Recording } from "../quality/recorded-item.ts";
import { textFeatures } from "../quality/text-features.ts";
import type { Planned } from "./agreement-plan.ts";
import { trainedQuality } from "../quality/trained-quality.ts";

/** What a policy expects of the models for one item, before anyone is asked; each in the order of the recording's models. */
export interface Expectation {
  /** Scores, from 0 to 1. */
  readonly quality: readonly number[];
  /** Nano-dollars. */
  readonly cost: readonly number[];
}

/** What is known of an item once some models have answered. */
export interface Outlook {
  /** Of each model that was asked, the score that its answer is expected to have; of each other, that it is expected to get. */
  readonly quality: readonly number[];
  /**
   * Of each model that was not asked, what `quality` may turn into once it has answered: several cases, each as likely, each with a figure for
   * every model. What speaks against one answer mostly speaks against others, too.
   */
  readonly turns: readonly (readonly (readonly number[])[])[];
}

/** A way to choose models that is tried on what was recorded. */
export interface Policy {
  readonly name: string;
  /** Learns from some items, and gives what expects of others. */
  readonly learn: (training: Recording) => Learned;
}

/** What a policy has learned. */
export interface Learned {
  /** What the models would make of an item, before anyone is asked. */
  readonly expect: (item: RecordedItem) => Expectation;
  /**
   * What answers tell: with it, another model may be asked after an answer, and the answer that is expected to be best is given. It sees the
   * recorded answers of the models that were asked, and of no other.
   *
   * @param asked - places of models, upwards; none at first
   */
  readonly look?: (item: RecordedItem, asked: readonly number[]) => Outlook;
  /** The same by a simpler rule, which `expect` has to beat: it is tried besides, and used where it saves more. */
  readonly plain?: (item: RecordedItem) => Expectation;
  /** How many models may be asked for one item. @default all */
  readonly mostAsked?: number;
  /** Ways to ask several in turn that are settled beforehand, and the model that their gain is measured against. */
  readonly agreement?: PlannedAgreement;
}

/** Ways to ask several models in turn that are settled beforehand. */
export interface PlannedAgreement {
  /** The place of the model that gains are measured against. */
  readonly best: number;
  /** What may be done with an item. */
  readonly planned: (item: RecordedItem) => readonly Planned[];
}

/** How {@link qualityPolicy} learns. */
export interface QualityPolicyOptions {
  /** The segment by which tasks go. @default "task" */
  readonly task?: string;
  /** Whether tasks are told of items that are tried, or inferred from their text. @default true */
  readonly tasksTold?: boolean;
}

/** Goes by a quality model: by task, words and neighbours, as far as each has earned its place. */
export function qualityPolicy({ task = "task", tasksTold = true }: QualityPolicyOptions = {}): Policy {
  return {
    name: tasksTold ? "quality model" : "quality model, tasks untold",
    learn(training) {
      const learned = trainedQuality(fitQuality(training, { task, now: 0 }).file);
      const cost = costsOf(training, task);
      const expect = (item: RecordedItem): Expectation => ({
        quality: learned
          .predict({ text: item.text, ...(tasksTold && { segments: item.segments }) })
          .map(({ quality }) => quality),
        cost: cost(item),
      });
      return { expect, ...(tasksTold && { plain: tablePolicy({ task }).learn(training).expect }) };
    },
  };
}

/** Goes by the mean score of each model on each task alone. */
export function tablePolicy({ task = "task" }: Pick<QualityPolicyOptions, "task"> = {}): Policy {
  return {
    name: "table by task",
    learn(training) {
      const wordless = { ...training, items: training.items.map((item) => ({ ...item, text: "" })) };
      const learned = trainedQuality(fitQuality(wordless, { task, now: 0 }).file);
      const cost = costsOf(training, task);
      const expect = (item: RecordedItem): Expectation => ({
        quality: learned.predict({ text: "", segments: item.segments }).map(({ quality }) => quality),
        cost: cost(item),
      });
      return { expect };
    },
  };
}

/** Sends the longer prompts to the better models: the simplest rule there is, which others must beat. */
export function lengthPolicy(): Policy {
  return {
    name: "prompt length",
    learn(training) {
      const { items, models } = training;
      const means = models.map((model) => meanOf(items.map(({ results }) => results.get(model)?.score ?? 0)));
      const cost = costsOf(training, "task");
      const lengths = items.map(({ text }) => text.length).toSorted((left, right) => left - right);
      const expect = (item: RecordedItem): Expectation => {
        const above = lengths.findIndex((length) => length >= item.text.length);
        const rank = (above < 0 ? lengths.length : above) / lengths.length;
        // What a better model is better by counts up to twice for the longest, and not at all for the shortest.
        const least = Math.min(...means);
        return { quality: means.map((mean) => least + (mean - least) * 2 * rank), cost: cost(item) };
      };
      return { expect };
    },
  };
}

/** What calls cost, by model, task and surface of the prompt. */
export function costsOf({ items, models }: Recording, task: string): (item: RecordedItem) => readonly number[] {
  const tasks = new Map([...new Set(items.map(({ segments }) => segments[task] ?? ""))].map((name, at) => [name, at]));
  const numberOf = ({ segments }: RecordedItem): number => tasks.get(segments[task] ?? "") ?? -1;
  const features = items.map(({ text }) => textFeatures(text, surfaceBits));
  const scaling = scalingOf(features, surfaceBits);
  const rows = features.map((feature) => rowOf(feature, scaling));
  const taskOf = Int32Array.from(items, numberOf);
  const amounts = fitAmounts({ items, models, rows, taskOf, tasks: tasks.size }, ({ cost }) => cost);
  return (item) => {
    const { surface } = rowOf(textFeatures(item.text, surfaceBits), scaling);
    return models.map((_, model) =>
      amounts ? (expectedAmount(amounts, model, surface, [[numberOf(item), 1]]) ?? 0) : 0,
    );
  };
}

/** Words do not matter here, so a few buckets do. */
const surfaceBits = 6;

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
