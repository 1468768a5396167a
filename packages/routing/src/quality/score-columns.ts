import type { RecordedItem } from "./recorded-item.ts";

/**
 * The scores of items, in parts: `score = base of the model + level of the item + contrast of the model on the item`.
 *
 * The level is what models have in common on an item, mostly its difficulty; contrasts are what a router goes by. They are learned apart,
 * since contrasts are the fainter: the difference of two models that are learned one by one is mostly noise.
 */
export interface ScoreColumns {
  /** Mean score of each model, as if each had done all items. */
  readonly base: Float64Array;
  /** 1 + models. */
  readonly targets: number;
  /** Of each item its level, then the contrasts: `item × targets + target`. */
  readonly values: Float64Array;
}

/** Where a model's score on an item is not known, its contrast is 0. */
export function scoreColumns(items: readonly RecordedItem[], models: readonly string[]): ScoreColumns {
  const targets = 1 + models.length;
  const values = new Float64Array(items.length * targets);
  const scores = items.map(({ results }) => models.map((model) => results.get(model)?.score));
  const base = new Float64Array(models.length);
  const level = new Float64Array(items.length);
  // Turn by turn, since a model that did the easy items only would else look good, and its items hard. Where all did all, one turn is enough.
  for (let turn = 0; turn < 8; turn++) {
    for (let model = 0; model < models.length; model++)
      base[model] = meanOver(scores, (row, item) => {
        const score = row[model];
        return score === undefined ? undefined : score - level[item]!;
      });
    for (const [item, row] of scores.entries())
      level[item] = meanOver(row, (score, model) => (score === undefined ? undefined : score - base[model]!));
  }
  for (const [item, row] of scores.entries()) {
    values[item * targets] = level[item]!;
    for (const [model, score] of row.entries())
      values[item * targets + 1 + model] = score === undefined ? 0 : score - base[model]! - level[item]!;
  }
  return { base, targets, values };
}

function meanOver<Type>(all: readonly Type[], value: (one: Type, place: number) => number | undefined): number {
  let [sum, count] = [0, 0];
  for (const [place, one] of all.entries()) {
    const known = value(one, place);
    if (known === undefined) continue;
    sum += known;
    count++;
  }
  return count === 0 ? 0 : sum / count;
}
