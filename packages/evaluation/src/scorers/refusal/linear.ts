/** How far an answer does what was asked. */
export type Compliance = (typeof compliances)[number];

/** All there is of it, from all to nothing. */
export const compliances = ["full-compliance", "partial-refusal", "full-refusal"] as const;

/** What each sign is worth for each of `compliances`, and last what each has without any sign. */
export type Weights = readonly (readonly [number, number, number])[];

/** The compliance that most speaks for. */
export function likeliest(signs: readonly number[], weights: Weights): Compliance {
  let best = 0;
  const sums = sumsOf(signs, weights);
  for (let place = 1; place < sums.length; place++) if (sums[place]! > sums[best]!) best = place;
  return compliances[best]!;
}

/** What speaks for each. */
export function sumsOf(signs: readonly number[], weights: Weights): [number, number, number] {
  const sums: [number, number, number] = [...weights[signs.length]!];
  for (let place = 0; place < signs.length; place++) {
    const sign = signs[place]!;
    if (sign === 0) continue;
    const worth = weights[place]!;
    sums[0] += sign * worth[0];
    sums[1] += sign * worth[1];
    sums[2] += sign * worth[2];
  }
  return sums;
}
