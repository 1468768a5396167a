// What the verdict is tried on, by its tests and by scripts/verdict.ts: real models that answered the same items. No part of the package.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { sharedPath } from "@plugboard/recordings";

/** Recorded outcomes, right or wrong, of several models each. */
export const outcomeFiles: readonly (readonly [string, string])[] = [
  ["zeroeval", "gsm.jsonl.gz"],
  ["zeroeval", "crux.jsonl.gz"],
  ["zeroeval", "math-l5.jsonl.gz"],
  ["mmlu-pro", "data.jsonl.gz"],
  ["bfcl", "data.jsonl.gz"],
  ["routellm", "mmlu.jsonl.gz"],
  ["routellm", "gsm8k.jsonl.gz"],
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
export function modelPairs([folder, file]: readonly [string, string]): ModelPair[] {
  const lines = gunzipSync(readFileSync(sharedPath("data", folder, file)))
    .toString()
    .trimEnd()
    .split("\n");
  const scores = new Map<string, (number | undefined)[]>();
  for (const [item, line] of lines.entries()) {
    const { models } = JSON.parse(line) as { readonly models: Readonly<Record<string, { readonly score: number }>> };
    for (const [model, { score }] of Object.entries(models)) {
      const list = scores.get(model) ?? [];
      list[item] = score;
      scores.set(model, list);
    }
  }
  return [...scores].flatMap(([before, baseline]) =>
    Array.from(scores)
      .filter(([after]) => after !== before)
      .map(([after, candidate]) => pairOf(`${file.split(".")[0]}: ${before} → ${after}`, baseline, candidate)),
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
