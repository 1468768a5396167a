import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { Measurement } from "@plugboard/core";
import { sharedPath } from "@plugboard/recordings";

interface OutcomeRecord {
  readonly id: string;
  readonly prompt: string;
  readonly task: string;
  readonly models: Readonly<
    Record<
      string,
      {
        readonly score: number;
        readonly inputTokens?: number;
        readonly outputTokens?: number;
        readonly costUSD?: number;
        readonly answer?: string | null;
        readonly output?: string;
      }
    >
  >;
}

/**
 * The measurements of a set of recorded outcomes.
 *
 * @param name - below the folder of recorded data: `routellm/mmlu`
 * @param models - which are wanted; all, without
 */
export function recordedOutcomes(name: string, models?: readonly string[]): Measurement[] {
  const lines = gunzipSync(readFileSync(sharedPath(`data/${name}.jsonl.gz`)))
    .toString("utf8")
    .trim()
    .split("\n");
  return lines.flatMap((line) => {
    const record = JSON.parse(line) as OutcomeRecord;
    return Object.keys(record.models)
      .filter((model) => models === undefined || models.includes(model))
      .map((model) => measurementOf(record, model));
  });
}

function measurementOf({ id, prompt, task, models }: OutcomeRecord, model: string): Measurement {
  const { score, inputTokens, outputTokens, costUSD, output, answer } = models[model]!;
  // Long outputs were cut; what they came to was kept, and stands at the end.
  const text = output === undefined ? answer : `${output}\n${answer ?? ""}`;
  return {
    item: id,
    model,
    prompt,
    segments: { task },
    scores: { quality: score },
    ...(text !== undefined && text !== null && { output: text }),
    ...(costUSD !== undefined && { cost: { total: Math.round(costUSD * 1e9) } }),
    usage: {
      ...(inputTokens !== undefined && { input: inputTokens }),
      ...(outputTokens !== undefined && { output: outputTokens }),
      estimated: true,
    },
  };
}
