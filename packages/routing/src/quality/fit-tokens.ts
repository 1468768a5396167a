import type { LearningSet } from "./cross-fit.ts";
import { surfacePenalty } from "./cross-fit.ts";
import type { QualityModelFile } from "./quality-model-file.ts";
import type { Recording } from "./recorded-item.ts";
import { product, ridge } from "./ridge.ts";
import { taskTable } from "./task-table.ts";

/** Learns how long answers are, where the measurements tell: by model, task and the surface of the prompt, in logarithms. */
export function fitTokens({ items, models }: Recording, set: LearningSet): Pick<QualityModelFile, "tokens"> {
  const targets = models.length;
  const logarithms = items.map(({ results }) =>
    models.map((model) => {
      const tokens = results.get(model)?.outputTokens;
      return tokens === undefined ? undefined : Math.log(Math.max(tokens, 1));
    }),
  );
  const base = models.map((_, model) => {
    const known = logarithms.flatMap((row) => row[model] ?? []);
    return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
  });
  if (base.every((value) => value === null)) return {};

  const values = Float64Array.from(
    logarithms.flatMap((row) => row.map((value, model) => (value === undefined ? 0 : value - base[model]!))),
  );
  const everyone = Int32Array.from(items.keys());
  const table = taskTable(values, targets, everyone, set.taskOf, set.tasks);
  const left = values.map((value, place) => {
    const task = set.taskOf[Math.floor(place / targets)]!;
    return value - (task < 0 ? 0 : table[task * targets + (place % targets)]!);
  });
  const none = { buckets: new Uint32Array(), weights: new Float32Array() };
  const rows = set.rows.map(({ surface }) => ({ ...none, surface }));
  const weights = ridge(rows, left, targets, 0, { words: 1, surface: surfacePenalty });

  // The mean of what lies around a logarithm is above its power: by how much, the items tell.
  const expected = new Float64Array(targets);
  const [sums, means] = [new Float64Array(targets), new Float64Array(targets)];
  for (const [item, row] of logarithms.entries()) {
    product(rows[item]!, weights, expected, 0);
    const task = set.taskOf[item]!;
    for (const [model, value] of row.entries()) {
      if (value === undefined) continue;
      sums[model]! += Math.exp(value);
      means[model]! += Math.exp(
        base[model]! + expected[model]! + (task < 0 ? 0 : table[task * targets + model]!),
      );
    }
  }
  const short = (value: number): number => Number(value.toPrecision(5));
  return {
    tokens: {
      base: base.map((value) => (value === null ? null : short(value))),
      factor: Array.from(sums, (sum, model) => (sum === 0 ? 1 : short(sum / means[model]!))),
      table: Array.from(table, short),
      surface: Array.from(weights.surface, short),
    },
  };
}
