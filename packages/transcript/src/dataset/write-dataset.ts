import { ModelError } from "@plugboard/core";
import { scrubbedJson } from "../log/scrubbed.ts";
import { sideFile } from "../side-file.ts";
import type { ConversionProblem } from "../stream/convert-stream.ts";
import type { Item } from "../stream/read-items.ts";
import { wholeFile } from "../stream/whole-file.ts";
import type { WholeFile } from "../stream/whole-file.ts";
import { outputTo } from "../text-output.ts";
import type { TextOutput } from "../text-output.ts";
import { buildDataset } from "./build-dataset.ts";
import type { DatasetOptions, DatasetProblem, DatasetReport } from "./build-dataset.ts";
import type { TrainingExample } from "./training-example.ts";

/** Where a training set goes. */
export interface DatasetPaths {
  /** What is to be learnt: the path of a file, or what takes text as it comes. */
  readonly train: TextOutput;
  /** What the model is tried on; there is no such file where nothing is drawn for it. @default beside the other, where that is a file: `set.validation.jsonl` */
  readonly validation?: string;
  /** What was left out, a line each with why; there is no such file where there is nothing. @default beside the first, where that is a file: `set.jsonl.problems.jsonl` */
  readonly problems?: string;
}

/** How a training set is written. */
export interface WriteDatasetOptions extends Omit<DatasetOptions, "onProblem"> {
  /** Told of each example and each value that is left out, too. */
  readonly onProblem?: (problem: DatasetProblem | ConversionProblem) => void;
  /** Told how far it is. */
  readonly onProgress?: (report: DatasetReport) => void;
}

/** What reading the examples tells: given to `readConversations` and `readLog` as it is. */
export interface DatasetReading {
  /** A value that is no example: it is in the side file, and counted. */
  readonly onProblem: (problem: ConversionProblem) => Promise<void>;
  /** Where the next example stands: one that cannot be learnt from is told with its line. */
  readonly onItem: (at: Pick<Item, "line" | "item">) => void;
}

/** What became of the examples. */
export interface WrittenDataset extends DatasetReport {
  /** Values that are no examples. */
  readonly unread: number;
}

type Examples = AsyncIterable<TrainingExample> | Iterable<TrainingExample>;

/**
 * Writes a training set into files. They are there whole or not at all.
 *
 * @param examples - or how they are read, so that lines that are none are told and kept, too
 * @throws {ModelError} `invalid-request` for an option that is out of range, and for a part to try the model on that has no file; what reading the examples failed with
 * @example
 * const conversations = (reading: DatasetReading) => readConversations(createReadStream("calls.jsonl"), { from: callLines, ...reading });
 * const report = await writeDataset(conversations, { train: "set.jsonl" }, { format: trainingFormatNamed("openai"), validation: 0.1 });
 */
export async function writeDataset(
  examples: Examples | ((reading: DatasetReading) => Examples),
  { train, validation, problems }: DatasetPaths,
  { onProblem, onProgress, ...options }: WriteDatasetOptions,
): Promise<WrittenDataset> {
  const tryPath = validation ?? (typeof train === "string" ? besideOf(train) : undefined);
  if (tryPath === undefined && (options.validation ?? 0) > 0)
    throw new ModelError("`validation` must be 0 or have a file: the paths name none.", { code: "invalid-request" });
  const learnt = outputTo(train);
  let tried: WholeFile | undefined;
  const aside = sideFile(problems ?? (typeof train === "string" ? `${train}.problems.jsonl` : undefined));
  let unread = 0;
  let at: Pick<Item, "line" | "item"> | undefined;
  const refuse = async (problem: DatasetProblem | ConversionProblem): Promise<void> => {
    onProblem?.(problem);
    await aside.write(problem);
  };
  const reading: DatasetReading = {
    onItem: ({ line, item }) => {
      at = { line, item };
    },
    onProblem: async (problem) => {
      unread++;
      const { scrub } = options;
      await refuse(scrub ? { ...problem, input: scrubbedJson(problem.input, scrub) } : problem);
    },
  };
  try {
    const set = buildDataset(typeof examples === "function" ? examples(reading) : examples, {
      ...options,
      onProblem: (problem) => refuse(Object.assign({}, at, problem)),
    });
    for await (const { split, line } of set) {
      const file = split === "train" ? learnt : (tried ??= wholeFile(tryPath!));
      await file.write(`${line}\n`);
      onProgress?.(set.report);
    }
    await aside.keep();
    await tried?.keep();
    await learnt.keep();
    return { ...set.report, unread };
  } catch (error) {
    await Promise.all([learnt.discard(), tried?.discard(), aside.discard()]);
    throw error;
  }
}

function besideOf(path: string): string {
  return path.replace(/(\.[^./\\]+)?$/, ".validation$1");
}
