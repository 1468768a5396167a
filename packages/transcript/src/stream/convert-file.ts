import { createReadStream } from "node:fs";
import { ModelError } from "@plugboard/core";
import { convertStream } from "./convert-stream.ts";
import type { ConversionProgress, ConvertStreamOptions } from "./convert-stream.ts";
import { sideFile } from "../side-file.ts";
import { outputTo } from "../text-output.ts";
import type { TextOutput } from "../text-output.ts";
import type { ConversionProblem } from "./convert-stream.ts";
import { wholeFile } from "./whole-file.ts";

/** How a file is converted. */
export interface ConvertFileOptions extends Omit<ConvertStreamOptions, "onProblem" | "onLosses"> {
  /** Where values that are no conversations are kept, a line each. There is no such file where there are none. @default beside an output that is a file: `chats.jsonl.problems.jsonl` */
  readonly problemsPath?: string;
  /** Told of each of them, too. */
  readonly onProblem?: (problem: ConversionProblem) => void;
  /** Where the output is put when the input cannot be read to its end. @default beside an output that is a file: `chats.jsonl.incomplete` */
  readonly incompletePath?: string;
  /** Where losses are written, a line each. @default they are counted alone */
  readonly lossesPath?: string;
  /** Told how far it is, at most so often as there are pieces of output. */
  readonly onProgress?: (progress: ConversionProgress) => void;
  /** Calls it off; then nothing is left behind. */
  readonly signal?: AbortSignal;
}

/**
 * Converts a file of conversations into another. Under its final name there is either all of the output or nothing: it is written beside
 * it and moved at the end. Of an input that cannot be read to its end, what came before is kept under another name.
 *
 * @param input - the path of a file, or bytes as they come
 * @param output - the path of a file, or what takes text as it comes
 * @returns how many were converted, how many could not be, and what was lost how often
 * @throws {ModelError} `invalid-request` for an input that cannot be read to its end, with the line and with where the rest is kept; the
 *   error of the file system where that fails
 * @example
 * const { converted, problems } = await convertFile("conversations.json", "chats.jsonl", { from: claudeExport, to: plugboardLines });
 */
export async function convertFile(
  input: string | AsyncIterable<Uint8Array>,
  output: TextOutput,
  { problemsPath, incompletePath, lossesPath, onProblem, onProgress, signal, ...options }: ConvertFileOptions,
): Promise<ConversionProgress> {
  const bytes =
    typeof input === "string"
      ? createReadStream(input, { highWaterMark: 256 * 1024, ...(signal && { signal }) })
      : input;
  const beside = (ending: string): string | undefined =>
    typeof output === "string" ? `${output}.${ending}` : undefined;
  const places = {
    incomplete: incompletePath ?? beside("incomplete"),
    problems: problemsPath ?? beside("problems.jsonl"),
  };
  const file = outputTo(output);
  const losses = lossesPath === undefined ? undefined : wholeFile(lossesPath);
  const problems = sideFile(places.problems);
  let stop: ModelError | undefined;
  try {
    const pieces = convertStream(bytes, {
      ...options,
      onProblem: async (problem) => {
        onProblem?.(problem);
        await problems.write(problem);
      },
      ...(losses && {
        onLosses: (lost, at) => losses.write(`${lost.map((loss) => JSON.stringify({ ...at, ...loss })).join("\n")}\n`),
      }),
    });
    try {
      for await (const piece of pieces) {
        signal?.throwIfAborted();
        await file.write(piece);
        onProgress?.(pieces.progress);
      }
    } catch (error) {
      if (!(error instanceof ModelError) || signal?.aborted) throw error;
      stop = error;
    }
    // Whoever sees the output finds what is told beside it.
    await problems.keep();
    await losses?.keep();
    if (stop && pieces.progress.converted === 0) await file.discard();
    else await file.keep(stop && places.incomplete);
    if (stop) throw keptUntil(stop, pieces.progress, places);
    return pieces.progress;
  } catch (error) {
    if (stop && error instanceof ModelError) throw error;
    await Promise.all([file.discard(), problems.discard(), losses?.discard()]);
    throw error;
  }
}

function keptUntil(
  stop: ModelError,
  { converted, problems }: ConversionProgress,
  places: { readonly incomplete: string | undefined; readonly problems: string | undefined },
): ModelError {
  const kept =
    converted === 0 ? "Nothing was converted." : `${converted} converted before it${whereOf(places.incomplete)}.`;
  const bad = problems === 0 ? "" : ` ${problems} that could not be${whereOf(places.problems)}.`;
  return new ModelError(`${stop.message} ${kept}${bad}`, { code: "invalid-request", cause: stop });
}

function whereOf(place: string | undefined): string {
  return place === undefined ? "" : `: ${place}`;
}
