import { ModelError } from "@plugboard/core";
import type { FileStore } from "../file-store.ts";
import type { ConversionProblem } from "../stream/convert-stream.ts";
import { problemOf } from "../stream/problem-of.ts";
import { readItems } from "../stream/read-items.ts";
import type { Item } from "../stream/read-items.ts";
import { readCall } from "./call-line.ts";
import type { LoggedCall } from "./logged-call.ts";

/** How a log is read. */
export interface ReadLogOptions {
  /** Where files are that its lines name by their hash. @default they stand in the lines */
  readonly files?: FileStore;
  /** Told of lines that are no calls, such as one that was cut off by a crash. @default they are an error */
  readonly onProblem?: (problem: ConversionProblem) => void | Promise<void>;
  /** Told of each line before its call is given. */
  readonly onItem?: (at: Pick<Item, "line" | "item">) => void;
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
  { files, onProblem, onItem }: ReadLogOptions = {},
): AsyncGenerator<LoggedCall, void, undefined> {
  for await (const item of readItems(bytes, { framing: "jsonl" })) {
    onItem?.(item);
    try {
      if ("fault" in item.value) throw new ModelError(item.value.fault, { code: "invalid-request" });
      yield await readCall(item.value.json, files);
    } catch (error) {
      if (!(error instanceof ModelError)) throw error;
      if (!onProblem) throw new ModelError(`Line ${item.line}: ${error.message}`, { code: error.code, cause: error });
      await onProblem(problemOf(error, item));
    }
  }
}
