import { ModelError } from "@plugboard/core";
import type { Json } from "@plugboard/core";
import { convert } from "../convert.ts";
import type { ConversionLoss, ConvertOptions, Converted } from "../convert.ts";
import { problemOf } from "./problem-of.ts";
import { readItems } from "./read-items.ts";
import type { Framing, Item, ReadItemsOptions } from "./read-items.ts";

/** A value that is not a conversation of its format. The others are converted all the same. */
export interface ConversionProblem {
  /** Counted from 1; of an item of a list, the line in which it ends, or in which it stops being JSON. */
  readonly line: number;
  /** Counted from 1. */
  readonly item: number;
  /** The member that is wrong: `messages[2].role`. */
  readonly field?: string;
  /** A sentence: which member is wrong, what was expected, what it is. */
  readonly message: string;
  /** The value as it came; its text where it is not JSON. */
  readonly input: Json;
}

/** What became of the values so far. */
export interface ConversionProgress {
  /** Bytes that were read. */
  readonly bytes: number;
  /** Conversations that were written. */
  readonly converted: number;
  /** Values that could not be. */
  readonly problems: number;
  /** How often what was lost: `{ reasoning: 12 }`. */
  readonly losses: Readonly<Record<string, number>>;
}

/** How a stream is converted. */
export interface ConvertStreamOptions extends ConvertOptions, ReadItemsOptions {
  /** How the output is framed. @default "jsonl" */
  readonly output?: Exclude<Framing, "document">;
  /** Told of each value that is no conversation. What it waits for is waited for. */
  readonly onProblem?: (problem: ConversionProblem) => void | Promise<void>;
  /** Told what each conversation lost, where it lost anything. */
  readonly onLosses?: (losses: readonly ConversionLoss[], at: Pick<Item, "line" | "item">) => void | Promise<void>;
}

/** Text of the new form, piece by piece; read once. */
export interface ConversionStream extends AsyncIterable<string> {
  /** What became of the values so far. */
  readonly progress: ConversionProgress;
}

/**
 * Converts a file of conversations while it is read: lines of JSON, or one list of any length, such as the `conversations.json` of an
 * export. Only one conversation at a time is in memory.
 *
 * What is no conversation is told to `onProblem`, with its line and what was expected; the others are converted. An item of a list that is
 * not JSON is one of them.
 *
 * @throws {ModelError} to the reader, `invalid-request`, for a list that breaks off or of which cannot be told where it goes on, once all
 *   that came before has been given
 * @example
 * const lines = convertStream(createReadStream("conversations.json"), { from: chatgptExport, to: plugboardLines });
 * await pipeline(lines, createWriteStream("conversations.jsonl"));
 * console.log(lines.progress);
 */
export function convertStream(bytes: AsyncIterable<Uint8Array>, options: ConvertStreamOptions): ConversionStream {
  const progress = { bytes: 0, converted: 0, problems: 0, losses: {} as Record<string, number> };
  return { progress, [Symbol.asyncIterator]: () => written(bytes, options, progress) };
}

type Progress = { -readonly [Member in keyof ConversionProgress]: ConversionProgress[Member] } & {
  losses: Record<string, number>;
};

async function* written(
  bytes: AsyncIterable<Uint8Array>,
  { output = "jsonl", framing, onProblem, onLosses, longest, ...options }: ConvertStreamOptions,
  progress: Progress,
): AsyncGenerator<string, void, undefined> {
  const reading = { ...(longest !== undefined && { longest }), framing: framing ?? undefined };
  const isList = output === "array";
  const stops: ModelError[] = [];
  for await (const item of untilStopped(readItems(counted(bytes, progress), reading), stops)) {
    const outcome = await outcomeOf(item, options);
    if ("message" in outcome) {
      progress.problems++;
      await onProblem?.(outcome);
      continue;
    }
    const { result, losses } = outcome;
    progress.converted++;
    for (const { what } of losses) progress.losses[what] = (progress.losses[what] ?? 0) + 1;
    if (losses.length > 0) await onLosses?.(losses, { line: item.line, item: item.item });
    const text = JSON.stringify(result);
    yield isList ? `${progress.converted === 1 ? "[" : ","}\n${text}` : `${text}\n`;
  }
  if (isList) yield progress.converted === 0 ? "[]\n" : "\n]\n";
  // What has been written is whole by itself, whatever becomes of it.
  for (const stop of stops) throw stop;
}

/** Items until the input cannot be read any further. What is not the input's fault is thrown at once. */
async function* untilStopped(items: AsyncIterable<Item>, stops: ModelError[]): AsyncGenerator<Item, void, undefined> {
  try {
    yield* items;
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    stops.push(error);
  }
}

async function* counted(
  bytes: AsyncIterable<Uint8Array>,
  progress: Progress,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of bytes) {
    progress.bytes += chunk.length;
    yield chunk;
  }
}

/** What converts, or why it does not. */
async function outcomeOf(item: Item, options: ConvertOptions): Promise<Converted | ConversionProblem> {
  try {
    if ("fault" in item.value) throw new ModelError(item.value.fault, { code: "invalid-request" });
    return await convert(item.value.json, options);
  } catch (error) {
    // What is not the input's fault is no reason to go on.
    if (!(error instanceof ModelError)) throw error;
    return problemOf(error, item);
  }
}
