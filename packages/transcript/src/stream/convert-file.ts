import { createReadStream } from "node:fs";
import { ModelError } from "@plugboard/core";
import { convertStream } from "./convert-stream.ts";
import type { ConversionProgress, ConvertStreamOptions } from "./convert-stream.ts";
import { wholeFile } from "./whole-file.ts";
import type { WholeFile } from "./whole-file.ts";

/** How a file is converted. */
export interface ConvertFileOptions extends Omit<ConvertStreamOptions, "onProblem" | "onLosses"> {
  /** Where values that are no conversations are kept, a line each. There is no such file where there are none. @default beside the output: `chats.jsonl.problems.jsonl` */
  readonly problemsPath?: string;
  /** Where the output is put when the input cannot be read to its end. @default beside the output: `chats.jsonl.incomplete` */
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
 * @returns how many were converted, how many could not be, and what was lost how often
 * @throws {ModelError} `invalid-request` for an input that cannot be read to its end, with the line and with where the rest is kept; the
 *   error of the file system where that fails
 * @example
 * const { converted, problems } = await convertFile("conversations.json", "chats.jsonl", { from: claudeExport, to: plugboardLines });
 */
export async function convertFile(
  inputPath: string,
  outputPath: string,
  {
    problemsPath = `${outputPath}.problems.jsonl`,
    incompletePath = `${outputPath}.incomplete`,
    lossesPath,
    onProgress,
    signal,
    ...options
  }: ConvertFileOptions,
): Promise<ConversionProgress> {
  const output = wholeFile(outputPath);
  const losses = lossesPath === undefined ? undefined : wholeFile(lossesPath);
  let problems: WholeFile | undefined;
  let stop: ModelError | undefined;
  try {
    const pieces = convertStream(
      createReadStream(inputPath, { highWaterMark: 256 * 1024, ...(signal && { signal }) }),
      {
        ...options,
        onProblem: (problem) => (problems ??= wholeFile(problemsPath)).write(`${JSON.stringify(problem)}\n`),
        ...(losses && {
          onLosses: (lost, at) =>
            losses.write(`${lost.map((loss) => JSON.stringify({ ...at, ...loss })).join("\n")}\n`),
        }),
      },
    );
    try {
      for await (const piece of pieces) {
        await output.write(piece);
        onProgress?.(pieces.progress);
      }
    } catch (error) {
      if (!(error instanceof ModelError)) throw error;
      stop = error;
    }
    // Whoever sees the output finds what is told beside it.
    await problems?.keep();
    await losses?.keep();
    if (stop && pieces.progress.converted === 0) await output.discard();
    else await output.keep(stop && incompletePath);
    if (stop) throw keptUntil(stop, pieces.progress, { incompletePath, problemsPath });
    return pieces.progress;
  } catch (error) {
    if (stop && error instanceof ModelError) throw error;
    await Promise.all([output.discard(), problems?.discard(), losses?.discard()]);
    throw error;
  }
}

function keptUntil(
  stop: ModelError,
  { converted, problems }: ConversionProgress,
  { incompletePath, problemsPath }: Required<Pick<ConvertFileOptions, "incompletePath" | "problemsPath">>,
): ModelError {
  const kept = converted === 0 ? "Nothing was converted." : `${converted} converted before it: ${incompletePath}.`;
  const bad = problems === 0 ? "" : ` ${problems} that could not be: ${problemsPath}.`;
  return new ModelError(`${stop.message} ${kept}${bad}`, { code: "invalid-request", cause: stop });
}
