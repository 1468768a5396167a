import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { z } from "zod";
import { UsageError } from "./usage-error.ts";

/** What one model was recorded to say to one question. */
export interface Recorded {
  /** From 0 to 1. */
  readonly score: number;
  readonly outputTokens?: number | undefined;
  readonly output: string;
}

const Recorded: z.ZodType<Recorded> = z.object({
  score: z.number().min(0).max(1),
  outputTokens: z.number().int().min(0).optional(),
  output: z.string(),
});

const Line = z.object({
  id: z.union([z.string(), z.number()]),
  prompt: z.string().min(1),
  task: z.string().optional(),
  models: z.record(z.string(), z.unknown()),
});

/** A question, and what each of the wanted models was recorded to say. */
export interface RecordedQuestion {
  readonly id: string;
  readonly kind: string;
  readonly prompt: string;
  readonly said: Readonly<Record<string, Recorded>>;
}

export interface RecordedQuestions {
  readonly questions: readonly RecordedQuestion[];
  readonly files: number;
  /** Lines left out: not a record, without a scored answer of each model, or with the prompt of another. */
  readonly broken: number;
  readonly incomplete: number;
  readonly repeated: number;
}

/**
 * Reads every `*.jsonl.gz` of a folder.
 *
 * @throws {UsageError} when there is none, or one that cannot be read
 */
export async function readRecorded(folder: string, models: readonly string[]): Promise<RecordedQuestions> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new UsageError(`The folder ${folder} cannot be read: ${messageOf(cause)}`);
  });
  const files = names.filter((name) => name.endsWith(".jsonl.gz")).toSorted();
  if (files.length === 0) throw new UsageError(`The folder ${folder} has no file that ends with .jsonl.gz.`);

  const byPrompt = new Map<string, RecordedQuestion>();
  let [broken, incomplete, repeated] = [0, 0, 0];
  for (const file of files) {
    const text = await unpacked(join(folder, file));
    for (const line of text.split("\n")) {
      if (line.trim() === "") continue;
      const record = parse(line);
      if (!record) {
        broken++;
        continue;
      }
      const said = saidBy(record.models, models);
      if (!said) incomplete++;
      else if (byPrompt.has(record.prompt)) repeated++;
      else {
        const kind = record.task ?? file.replace(/\.jsonl\.gz$/, "");
        byPrompt.set(record.prompt, { id: String(record.id), kind, prompt: record.prompt, said });
      }
    }
  }
  return { questions: [...byPrompt.values()], files: files.length, broken, incomplete, repeated };
}

async function unpacked(path: string): Promise<string> {
  try {
    return String(await promisify(gunzip)(await readFile(path)));
  } catch (cause) {
    throw new UsageError(`The file ${path} cannot be read: ${messageOf(cause)}`);
  }
}

function parse(line: string): z.infer<typeof Line> | undefined {
  try {
    return Line.safeParse(JSON.parse(line, wellFormed)).data;
  } catch {
    return undefined;
  }
}

/** Half a character, where a text was cut, cannot go over a wire. */
function wellFormed(_: string, value: unknown): unknown {
  return typeof value === "string" ? value.toWellFormed() : value;
}

/** What every one of the models said, or nothing where one is missing. */
function saidBy(
  all: Readonly<Record<string, unknown>>,
  models: readonly string[],
): Record<string, Recorded> | undefined {
  const said: Record<string, Recorded> = {};
  for (const model of models) {
    const { data } = Recorded.safeParse(all[model]);
    if (!data) return undefined;
    said[model] = data;
  }
  return said;
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
