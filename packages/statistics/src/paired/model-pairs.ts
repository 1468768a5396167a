// What the verdict is tried on, by its tests and by scripts/verdict.ts: real models that answered the same items. No part of the package.
import { recordedRows } from "@plugboard/recordings";

/** Recorded outcomes, right or wrong, of several models each. */
export const outcomeFiles: readonly string[] = [
  "zeroeval/gsm",
  "zeroeval/crux",
  "zeroeval/math-l5",
  "mmlu-pro/data",
  "bfcl/data",
  "routellm/mmlu",
  "routellm/gsm8k",
];

/** Two models, in the order baseline and candidate, as a population to draw items from. */
export interface ModelPair {
  readonly name: string;
  readonly baseline: readonly number[];
  readonly candidate: readonly number[];
  /** Share of items that only the baseline gets right. */
  readonly baselineRate: number;
  readonly candidateRate: number;
  /** Candidate less baseline. */
  readonly difference: number;
}

/** Every ordered pair of models of a file, on the items that both answered. */
export function modelPairs(set: string): ModelPair[] {
  const rows = recordedRows(set) as readonly {
    readonly models: Readonly<Record<string, { readonly score: number }>>;
  }[];
  const scores = new Map<string, (number | undefined)[]>();
  for (const [item, { models }] of rows.entries()) {
    for (const [model, { score }] of Object.entries(models)) {
      const list = scores.get(model) ?? [];
      list[item] = score;
      scores.set(model, list);
    }
  }
  return [...scores].flatMap(([before, baseline]) =>
    Array.from(scores)
      .filter(([after]) => after !== before)
      .map(([after, candidate]) => pairOf(`${set}: ${before} → ${after}`, baseline, candidate)),
  );
}

function pairOf(
  name: string,
  baseline: readonly (number | undefined)[],
  candidate: readonly (number | undefined)[],
): ModelPair {
  const both = Array.from(baseline.keys()).filter(
    (item) => baseline[item] !== undefined && candidate[item] !== undefined,
  );
  const before = both.map((item) => baseline[item]!);
  const after = both.map((item) => candidate[item]!);
  const baselineRate = both.filter((_, place) => before[place]! > after[place]!).length / both.length;
  const candidateRate = both.filter((_, place) => before[place]! < after[place]!).length / both.length;
  return {
    name,
    baseline: before,
    candidate: after,
    baselineRate,
    candidateRate,
    difference: candidateRate - baselineRate,
  };
}
