import { wholeFile } from "../stream/whole-file.ts";
import type { WholeFile } from "../stream/whole-file.ts";
import { buildDataset } from "./build-dataset.ts";
import type { DatasetOptions, DatasetReport } from "./build-dataset.ts";
import type { TrainingExample } from "./training-example.ts";

/** Where a training set goes. */
export interface DatasetPaths {
  /** What is to be learnt. */
  readonly train: string;
  /** What the model is tried on; there is no such file where nothing is drawn for it. @default beside the other: `set.validation.jsonl` */
  readonly validation?: string;
  /** Examples that were left out, a line each with why; there is no such file where there are none. @default beside the first: `set.jsonl.problems.jsonl` */
  readonly problems?: string;
}

/** How a training set is written. */
export interface WriteDatasetOptions extends Omit<DatasetOptions, "onProblem"> {
  /** Told how far it is. */
  readonly onProgress?: (report: DatasetReport) => void;
}

/**
 * Writes a training set into files. They are there whole or not at all.
 *
 * @throws {ModelError} `invalid-request` for an option that is out of range; what reading the examples failed with
 * @example
 * const conversations = readConversations(createReadStream("calls.jsonl"), { from: callLines });
 * const report = await writeDataset(conversations, { train: "set.jsonl" }, { format: trainingFormatNamed("openai"), validation: 0.1 });
 */
export async function writeDataset(
  examples: AsyncIterable<TrainingExample> | Iterable<TrainingExample>,
  { train, validation = besideOf(train), problems = `${train}.problems.jsonl` }: DatasetPaths,
  { onProgress, ...options }: WriteDatasetOptions,
): Promise<DatasetReport> {
  const files = new Map<string, WholeFile>();
  const into = (path: string): WholeFile => {
    const file = files.get(path) ?? wholeFile(path);
    files.set(path, file);
    return file;
  };
  try {
    const set = buildDataset(examples, {
      ...options,
      onProblem: (problem) => into(problems).write(`${JSON.stringify(problem)}\n`),
    });
    into(train);
    for await (const { split, line } of set) {
      await into(split === "train" ? train : validation).write(`${line}\n`);
      onProgress?.(set.report);
    }
    for (const file of files.values()) await file.keep();
    return set.report;
  } catch (error) {
    await Promise.all([...files.values()].map((file) => file.discard()));
    throw error;
  }
}

function besideOf(path: string): string {
  return path.replace(/(\.[^./\\]+)?$/, ".validation$1");
}
