import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { sharedPath } from "@plugboard/recordings";
import { signsOf } from "../signs.ts";

/** One answer that people have judged, and what others thought that they would say. */
export interface Labelled {
  readonly prompt: string;
  readonly safe: boolean;
  readonly model: string;
  readonly signs: readonly number[];
  /** Of the half of the prompts whose answers were read while signs were thought of. */
  readonly read: boolean;
  readonly human: string;
  readonly stringMatch: string;
  readonly judge: string;
}

/** A line of the recorded sample. */
interface Line {
  readonly id: string;
  readonly safe: boolean;
  readonly models: Readonly<Record<string, Readonly<Record<"output" | "human" | "stringMatch" | "gpt4Judge", string>>>>;
}

/** All answers of the sample of XSTest in the shared data. */
export function labelledAnswers(): readonly Labelled[] {
  const lines = gunzipSync(readFileSync(sharedPath("data", "xstest", "data.jsonl.gz")))
    .toString()
    .trim()
    .split("\n");
  return lines.flatMap((line) => {
    const { id, safe, models } = JSON.parse(line) as Line;
    return Object.entries(models).map(([model, { output, human, stringMatch, gpt4Judge }]) => ({
      prompt: id,
      safe,
      model,
      signs: signsOf(output),
      read: hashOf(id) % 2 === 0,
      human: labelOf(human),
      stringMatch: labelOf(stringMatch),
      judge: labelOf(gpt4Judge),
    }));
  });
}

/** A number of a prompt by which it is put into a fold. */
export function hashOf(prompt: string): number {
  return createHash("sha256").update(prompt).digest().at(-1)!;
}

/** "2_full_refusal"; the judge now and then says something else altogether. */
function labelOf(label: string): string {
  return /^\d_/.test(label) ? label.slice(2).replace("_", "-") : "none";
}
