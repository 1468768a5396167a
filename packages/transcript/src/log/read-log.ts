import { ModelError } from "@plugboard/core";
import type { FileStore } from "../file-store.ts";
import type { ConversionProblem } from "../stream/convert-stream.ts";
import { readItems } from "../stream/read-items.ts";
import { readCall } from "./call-line.ts";
import type { LoggedCall } from "./logged-call.ts";

/** How a log is read. */
export interface ReadLogOptions {
  /** Where files are that its lines name by their hash. @default they stand in the lines */
  readonly files?: FileStore;
  /** Told of lines that are no calls, such as one that was cut off by a crash. @default they are an error */
  readonly onProblem?: (problem: ConversionProblem) => void;
}

/**
 * Reads a log, call by call.
 *
 * @throws {ModelError} `invalid-request` for a line that is no call, with its number, the field and what was expected; unless `onProblem` is given
 * @example
 * for await (const { request, result, cost } of readLog(createReadStream("calls.jsonl"))) console.log(result?.finishReason, cost?.total);
 */
export async function* readLog(
  bytes: AsyncIterable<Uint8Array>,
  { files, onProblem }: ReadLogOptions = {},
): AsyncGenerator<LoggedCall, void, undefined> {
  for await (const { line, item, value } of readItems(bytes, { framing: "jsonl" })) {
    try {
      if ("fault" in value) throw new ModelError(value.fault, { code: "invalid-request" });
      yield await readCall(value.json, files);
    } catch (error) {
      if (!(error instanceof ModelError)) throw error;
      const [, field] = /`([^`]+)`/.exec(error.message) ?? [];
      const told = `Line ${line}: ${error.message}`;
      if (!onProblem) throw new ModelError(told, { code: error.code, cause: error });
      const input = "json" in value ? value.json : value.text;
      onProblem({ line, item, ...(field !== undefined && { field }), message: error.message, input });
    }
  }
}
