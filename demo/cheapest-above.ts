import { defineModel } from "plugboard";
import type { Model } from "plugboard";

/** What was measured of a model on one kind of question. */
export interface Measured {
  readonly model: Model;
  readonly kind: string;
  /** The share of right answers. */
  readonly accuracy: number;
  /** What an answer costs on average, in nano-dollars. */
  readonly cost: number;
}

/** How good an answer has to be: a share of right answers, or as close as `margin` to the best there is. */
export interface Floor {
  readonly floor: number;
  /** @default 0.03 */
  readonly margin?: number;
}

/** A model that asks, for each kind of question (`tags.kind`), the cheapest one that is good enough; where none is, the best one. */
export function cheapestAbove({ floor, margin = 0.03 }: Floor, measured: readonly Measured[]): Model {
  const models = [...new Set(measured.map(({ model }) => model))];
  const choices = new Map<string | undefined, Model>();
  for (const [kind, all] of Map.groupBy(measured, ({ kind }) => kind)) {
    const best = all.reduce((a, b) => (b.accuracy > a.accuracy ? b : a));
    const enough = all.filter(({ accuracy }) => accuracy >= Math.min(floor, best.accuracy - margin));
    choices.set(kind, enough.reduce((a, b) => (b.cost < a.cost ? b : a)).model);
  }
  const id = Array.from(choices, ([kind, model]) => `${kind}: ${model.id}`).join(", ");
  return defineModel({
    provider: "plugboard",
    id: `cheapest-above(${id})`,
    models,
    call: (request) => (choices.get(request.tags?.["kind"]) ?? models[0]!).call(request),
  });
}
