import type { Row } from "./design.ts";
import { surfacePenalty } from "./cross-fit.ts";
import type { RecordedItem, RecordedResult } from "./recorded-item.ts";
import { ridge, ridgeMatrix } from "./ridge.ts";
import { taskTable } from "./task-table.ts";

/** What is expected of an amount that is never negative, by model, task and the surface of the prompt: tokens of an answer, cost of a call. */
export interface Amounts {
  /** Mean logarithm of each model; null where nothing is known. */
  readonly base: readonly (number | null)[];
  /** The mean of what lies around a logarithm is above its power: by how much. */
  readonly factor: readonly number[];
  /** `task × models + model`. */
  readonly table: readonly number[];
  /** `figure × models + model`. */
  readonly surface: readonly number[];
}

/** What amounts are learned from. */
export interface AmountItems {
  readonly items: readonly RecordedItem[];
  readonly models: readonly string[];
  readonly rows: readonly Row[];
  /** Of each item, its task's number; below 0 for none. */
  readonly taskOf: Int32Array;
  readonly tasks: number;
}

/** Learns amounts; undefined where none are known. */
export function fitAmounts(
  { items, models, rows, taskOf, tasks }: AmountItems,
  amountOf: (result: RecordedResult) => number | undefined,
): Amounts | undefined {
  const targets = models.length;
  const logarithms = items.map(({ results }) =>
    models.map((model) => {
      const result = results.get(model);
      const amount = result && amountOf(result);
      return amount === undefined ? undefined : Math.log(Math.max(amount, 1));
    }),
  );
  const base = models.map((_, model) => {
    const known = logarithms.flatMap((row) => row[model] ?? []);
    return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
  });
  if (base.every((value) => value === null)) return undefined;

  const values = Float64Array.from(
    logarithms.flatMap((row) => row.map((value, model) => (value === undefined ? 0 : value - base[model]!))),
  );
  const table = taskTable(values, targets, Int32Array.from(items.keys()), taskOf, tasks);
  const left = values.map((value, place) => {
    const task = taskOf[Math.floor(place / targets)]!;
    return value - (task < 0 ? 0 : table[task * targets + (place % targets)]!);
  });
  const none = { buckets: new Uint32Array(), weights: new Float32Array() };
  const surfaces = rows.map(({ surface }) => ({ ...none, surface }));
  const { surface } = ridge(ridgeMatrix(surfaces, 0), left, targets, { words: 1, surface: surfacePenalty });

  const learned = { base, factor: models.map(() => 1), table: Array.from(table), surface: Array.from(surface) };
  const sums = new Float64Array(targets);
  const expected = new Float64Array(targets);
  for (const [item, row] of logarithms.entries())
    for (const [model, value] of row.entries()) {
      if (value === undefined) continue;
      sums[model]! += Math.exp(value);
      expected[model]! += expectedAmount(learned, model, rows[item]!.surface, [[taskOf[item]!, 1]]) ?? 0;
    }
  return {
    base: base.map((value) => (value === null ? null : short(value))),
    factor: models.map((_, model) => (expected[model]! > 0 ? short(sums[model]! / expected[model]!) : 1)),
    table: learned.table.map(short),
    surface: learned.surface.map(short),
  };
}

/**
 * The mean that is expected of a model; undefined where nothing is known.
 *
 * @param shares - the prompt's tasks, with how likely each is
 */
export function expectedAmount(
  { base, factor, table, surface: weights }: Amounts,
  model: number,
  surface: Float64Array,
  shares: Iterable<readonly [task: number, share: number]>,
): number | undefined {
  let logarithm = base[model];
  if (logarithm === null || logarithm === undefined) return undefined;
  for (const [task, share] of shares) if (task >= 0) logarithm += share * table[task * base.length + model]!;
  for (let figure = 0; figure < surface.length; figure++)
    logarithm += surface[figure]! * weights[figure * base.length + model]!;
  return Math.exp(logarithm) * factor[model]!;
}

function short(value: number): number {
  return Number(value.toPrecision(5));
}
