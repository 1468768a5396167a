import { answerFeatures } from "../quality/answer-features.ts";
import type { RecordedItem, Recording } from "../quality/recorded-item.ts";
import { taskTable } from "../quality/task-table.ts";

/** A way to ask several models in turn that is settled beforehand: until so many give the same result, or else by one more. */
export interface AgreementPlan {
  /** Places of models, in the order in which they are asked. */
  readonly order: readonly number[];
  /** So many must give the same result. */
  readonly least: number;
  /** The model whose answer is given where they do not. */
  readonly last: number;
}

/** What a plan is expected to come to on an item, and what it did come to. */
export interface Planned {
  /** How much better than the best model by itself. */
  readonly gain: number;
  /** Nano-dollars, all calls together. */
  readonly cost: number;
  readonly asked: readonly number[];
  readonly given: number;
}

/** What models by themselves come to, each in the order of the recording's models. */
interface Means {
  readonly quality: readonly number[];
  readonly cost: readonly number[];
}

/** More models than these are not asked whether they agree: with each, plans double. */
const mostCheckers = 3;

/**
 * Learns what each plan comes to, by task, and gives what to expect of them for an item.
 *
 * A plan is settled before anything is learned, so what it comes to on the items that are learned from is no luck of learning; a task's
 * difference from the mean counts as far as tasks differ at all (see {@link taskTable}).
 */
export function agreementPlans(
  { items, models }: Recording,
  task: string,
): { readonly best: number; readonly planned: (item: RecordedItem) => readonly Planned[] } {
  const means = meansOf(items, models);
  const best = means.quality.indexOf(Math.max(...means.quality));
  const plans = plansFor(means);
  const targets = 1 + plans.length;
  const gains = new Float64Array(items.length * targets);
  const costs = new Float64Array(items.length * targets);
  for (const [place, item] of items.entries()) {
    const results = resultsOf(item, models);
    for (const [at, plan] of plans.entries()) {
      const { asked, given } = followed(plan, results, means.quality);
      const target = place * targets + 1 + at;
      gains[target] = scoreOf(item, models[given]!) - scoreOf(item, models[best]!);
      for (const model of asked) costs[target]! += item.results.get(models[model]!)?.cost ?? 0;
    }
  }

  const names = new Map<string, number>();
  for (const { segments } of items) names.set(segments[task] ?? "", names.get(segments[task] ?? "") ?? names.size);
  const taskOf = Int32Array.from(items, ({ segments }) => names.get(segments[task] ?? "")!);
  const [gain, cost] = [gains, costs].map((values) => byTask(values, targets, taskOf, names.size));
  return {
    best,
    planned: (item) => {
      const results = resultsOf(item, models);
      const place = names.get(item.segments[task] ?? "");
      return plans.map((plan, at) => {
        const { asked, given } = followed(plan, results, means.quality);
        return { gain: gain!(place, 1 + at), cost: cost!(place, 1 + at), asked, given };
      });
    },
  };
}

/** Of those that cost less than the last, two or three, the cheapest first: until two agree, and until all three do. */
export function plansFor({ quality, cost }: Means): readonly AgreementPlan[] {
  const byCost = cost.map((_, model) => model).toSorted((left, right) => cost[left]! - cost[right]!);
  return byCost.flatMap((last, place) =>
    subsetsOf(byCost.slice(0, place).filter((model) => quality[model]! <= quality[last]!)).flatMap((order) =>
      (order.length > 2 ? [2, order.length] : [2]).map((least) => ({ order, least, last })),
    ),
  );
}

function subsetsOf(models: readonly number[]): readonly (readonly number[])[] {
  let all: readonly (readonly number[])[] = [[]];
  for (const model of models) all = all.flatMap((one) => (one.length < mostCheckers ? [one, [...one, model]] : [one]));
  return all.filter((one) => one.length > 1);
}

/** Who is asked by a plan, and whose answer is given: of those that agree, that of the best. */
export function followed(
  { order, least, last }: AgreementPlan,
  results: readonly (string | undefined)[],
  quality: readonly number[],
): { readonly asked: readonly number[]; readonly given: number } {
  for (let count = least; count <= order.length; count++) {
    const newest = results[order[count - 1]!];
    if (newest === undefined) continue;
    const asked = order.slice(0, count);
    const same = asked.filter((model) => results[model] === newest);
    if (same.length >= least)
      return { asked, given: same.reduce((one, other) => (quality[other]! > quality[one]! ? other : one)) };
  }
  return { asked: [...order, last], given: last };
}

function resultsOf({ results }: RecordedItem, models: readonly string[]): readonly (string | undefined)[] {
  return models.map((model) => {
    const output = results.get(model)?.output;
    return output === undefined ? undefined : answerFeatures(output).result;
  });
}

function meansOf(items: readonly RecordedItem[], models: readonly string[]): Means {
  const mean = (of: (item: RecordedItem, model: string) => number): readonly number[] =>
    models.map((model) => items.reduce((sum, item) => sum + of(item, model), 0) / Math.max(items.length, 1));
  return { quality: mean(scoreOf), cost: mean(({ results }, model) => results.get(model)?.cost ?? 0) };
}

function scoreOf({ results }: RecordedItem, model: string): number {
  return results.get(model)?.score ?? 0;
}

/** The mean of each target, by task as far as tasks differ. */
function byTask(
  values: Float64Array,
  targets: number,
  taskOf: Int32Array,
  tasks: number,
): (task: number | undefined, target: number) => number {
  const mean = new Float64Array(targets);
  for (const [place, value] of values.entries()) mean[place % targets]! += value / taskOf.length;
  const left = values.map((value, place) => value - mean[place % targets]!);
  const table = taskTable(left, targets, Int32Array.from(taskOf.keys()), taskOf, tasks);
  return (task, target) => mean[target]! + (task === undefined ? 0 : table[task * targets + target]!);
}
