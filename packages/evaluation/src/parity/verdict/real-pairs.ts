// What verdicts are tried on, by their test and by scripts/verdict.ts: real models that answered the same items. No part of the package.
import { recordedRows } from "@plugboard/recordings";

/** What one model did on one item. */
export interface Outcome {
  /** From 0 to 1. */
  readonly score: number;
  /** US dollars. */
  readonly costUSD?: number;
  /** Milliseconds. */
  readonly latencyMs?: number;
}

/** Two models on the same items. */
export interface RealPair {
  readonly name: string;
  readonly tasks: readonly string[];
  readonly baseline: readonly Outcome[];
  readonly candidate: readonly Outcome[];
  /** The mean score of the candidate less that of the baseline. */
  readonly difference: number;
}

/** Recorded outcomes that are right or wrong. */
export const rightOrWrong: readonly string[] = [
  "zeroeval/gsm",
  "zeroeval/crux",
  "zeroeval/math-l5",
  "mmlu-pro/data",
  "bfcl/data",
  "routellm/mmlu",
  "routellm/gsm8k",
];

/** Recorded outcomes that are graded: by a judge, or by people. */
export const graded: readonly string[] = ["alpacaeval/data", "wildbench-scores/data", "xstest/data"];

interface Row {
  readonly task?: string;
  readonly models: Readonly<Record<string, Outcome>>;
}

/** Every ordered pair of models of a set, on the items that both answered. */
export function realPairs(set: string): RealPair[] {
  const rows = recordedRows(set) as readonly Row[];
  const models = [...new Set(rows.flatMap((row) => Object.keys(row.models)))];
  return models.flatMap((before) =>
    models.filter((after) => after !== before).map((after) => pairOf(set, rows, before, after)),
  );
}

function pairOf(set: string, rows: readonly Row[], before: string, after: string): RealPair {
  const both = rows.filter(({ models }) => models[before] && models[after]);
  const [baseline, candidate] = [both.map(({ models }) => models[before]!), both.map(({ models }) => models[after]!)];
  let gain = 0;
  for (const [place, { score }] of candidate.entries()) gain += score - baseline[place]!.score;
  return {
    name: `${set}: ${before} → ${after}`,
    tasks: both.map(({ task = "all" }) => task),
    baseline,
    candidate,
    difference: gain / both.length,
  };
}
