import { wholeFile } from "./stream/whole-file.ts";
import type { WholeFile } from "./stream/whole-file.ts";

/** What does not go into an output, a line of JSON each, beside it. Where there is nothing, there is no file. */
export interface SideFile {
  /** Resolves once there is room for more. */
  readonly write: (value: unknown) => Promise<void>;
  /** Puts it in its place, once all of it is on the disk. */
  readonly keep: () => Promise<void>;
  /** Leaves nothing behind. */
  readonly discard: () => Promise<void>;
}

/**
 * Begins a side file, for `onProblem` of what reads a file.
 *
 * @param path - where it is to be; without one, nothing is kept
 * @example
 * const problems = sideFile("calls.jsonl.problems.jsonl");
 * for await (const call of readLog(createReadStream("calls.jsonl"), { onProblem: problems.write })) console.log(call.model);
 * await problems.keep();
 */
export function sideFile(path: string | undefined): SideFile {
  let file: WholeFile | undefined;
  return {
    async write(value) {
      if (path !== undefined) await (file ??= wholeFile(path)).write(`${JSON.stringify(value)}\n`);
    },
    keep: async () => file?.keep(),
    discard: async () => file?.discard(),
  };
}
