import type { Measurement } from "@plugboard/core";

/** Measurements for tests: two models, `a` and `b`, with the scores of a list for each. */
export function measured(
  model: string,
  scores: readonly number[],
  rest: (place: number) => Partial<Measurement> = () => ({}),
): Measurement[] {
  return scores.map((score, place) => ({ item: `item ${place}`, model, scores: { exact: score }, ...rest(place) }));
}

/** `ones` scores of 1 and then `zeros` of 0. */
export function ones(ones: number, zeros = 0): readonly number[] {
  return [...Array<number>(ones).fill(1), ...Array<number>(zeros).fill(0)];
}
