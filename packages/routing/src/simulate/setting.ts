import type { Replay } from "./replay.ts";

/** One way to run: at a price of quality, or with one model for all. */
export interface Setting {
  readonly name: string;
  /** Of each item, in order. */
  readonly scores: Float64Array;
  /** Nano-dollars of each item, all calls together. */
  readonly costs: Float64Array;
}

/** What a policy comes to at each price of quality, from the most quality to the least cost. */
export function routedSettings(
  { items, prices }: Replay,
  { gotScores, gotCosts }: Pick<Replay, "gotScores" | "gotCosts">,
): readonly Setting[] {
  return prices.map((price, at) => {
    const [from, to] = [at * items.length, (at + 1) * items.length];
    return { name: `at ${price}`, scores: gotScores.subarray(from, to), costs: gotCosts.subarray(from, to) };
  });
}

/** What each model comes to by itself, in the order of the recording's models. */
export function singleSettings({ items, models, scores, costs }: Replay): readonly Setting[] {
  return models.map((name, model) => {
    const of = (values: Float64Array): Float64Array =>
      Float64Array.from(items, (_, item) => values[item * models.length + model]!);
    return { name, scores: of(scores), costs: of(costs) };
  });
}
