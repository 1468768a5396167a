import { ModelError } from "@plugboard/core";
import type { Message } from "@plugboard/core";
import { objectAt } from "@plugboard/wire";
import { partsOf } from "../parts-of.ts";
import type { ConversionProblem } from "../stream/convert-stream.ts";
import { problemOf } from "../stream/problem-of.ts";
import { readItems } from "../stream/read-items.ts";
import { sideFile } from "../side-file.ts";
import { outputTo } from "../text-output.ts";
import type { TextOutput } from "../text-output.ts";
import { readCall } from "./call-line.ts";
import { evaluationRows } from "./evaluation-rows.ts";
import type { EvaluationRowsOptions } from "./evaluation-rows.ts";
import { scrubbed, scrubbedJson } from "./scrubbed.ts";

/** How rows are written. */
export interface WriteEvaluationRowsOptions extends EvaluationRowsOptions {
  /** Changes every text before it is written. @default texts are written as they are */
  readonly scrub?: (text: string) => string;
  /** Where what cannot be a row is kept, a line each. There is no such file where there is none. @default beside an output that is a file: `rows.jsonl.problems.jsonl` */
  readonly problemsPath?: string;
  /** Told of each of them, too. */
  readonly onProblem?: (problem: ConversionProblem) => void;
  /** Told how far it is. */
  readonly onProgress?: (progress: EvaluationRowsWritten) => void;
}

/** What became of the lines of a log. */
export interface EvaluationRowsWritten {
  readonly rows: number;
  /** Lines that are no calls, and calls that carry files, which rows in a file do not hold. */
  readonly problems: number;
}

/**
 * Writes the rows of an evaluation from a log, for `jsonl` of `@plugboard/evaluation`. What cannot be a row is in `<output>.problems.jsonl`, with
 * its line and why. The files are there whole or not at all.
 *
 * @param output - the path of a file, or what takes text as it comes
 * @throws {ModelError} `invalid-request` for a line that is too long to be read
 * @example
 * await writeEvaluationRows(createReadStream("calls.jsonl"), "rows.jsonl", { scrub: scrubber() });
 */
export async function writeEvaluationRows(
  log: AsyncIterable<Uint8Array>,
  output: TextOutput,
  { scrub, problemsPath, onProblem, onProgress, ...options }: WriteEvaluationRowsOptions = {},
): Promise<EvaluationRowsWritten> {
  const file = outputTo(output);
  const problems = sideFile(problemsPath ?? (typeof output === "string" ? `${output}.problems.jsonl` : undefined));
  const progress = { rows: 0, problems: 0 };
  const refuse = async (problem: ConversionProblem): Promise<void> => {
    progress.problems++;
    const told = scrub ? { ...problem, input: scrubbedJson(problem.input, scrub) } : problem;
    onProblem?.(told);
    await problems.write(told);
  };
  try {
    for await (const item of readItems(log, { framing: "jsonl" })) {
      try {
        if ("fault" in item.value) throw new ModelError(item.value.fault, { code: "invalid-request" });
        const { json } = item.value;
        const call = await readCall(scrub ? scrubbed(objectAt(json, "line"), scrub) : json);
        const place = call.request.messages.findIndex(hasFiles);
        if (place >= 0)
          throw new ModelError(`\`request.messages[${place}]\` carries files, which a row in a file does not hold.`, {
            code: "invalid-request",
          });
        for await (const row of evaluationRows([call], options)) {
          await file.write(`${JSON.stringify(row)}\n`);
          progress.rows++;
        }
      } catch (error) {
        if (!(error instanceof ModelError)) throw error;
        await refuse(problemOf(error, item));
      }
      onProgress?.(progress);
    }
    await problems.keep();
    await file.keep();
    return progress;
  } catch (error) {
    await Promise.all([file.discard(), problems.discard()]);
    throw error;
  }
}

function hasFiles({ content }: Message): boolean {
  return partsOf(content).some(
    (part) =>
      part.type === "file" ||
      (part.type === "tool-result" &&
        typeof part.output !== "string" &&
        part.output.some(({ type }) => type === "file")),
  );
}
