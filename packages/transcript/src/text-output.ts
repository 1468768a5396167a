import { wholeFile } from "./stream/whole-file.ts";
import type { WholeFile } from "./stream/whole-file.ts";

/** Where text goes: the path of a file, which is there whole or not at all, or what takes it as it comes, such as the output of a process. */
export type TextOutput = string | TextTaker;

/** What takes text as it comes. */
export interface TextTaker {
  /** Resolves once there is room for more. */
  readonly write: (text: string) => void | Promise<void>;
}

/** An output as a file that is kept or not; what went to a process cannot be taken back. */
export function outputTo(output: TextOutput): WholeFile {
  if (typeof output === "string") return wholeFile(output);
  return { write: async (text) => output.write(text), keep: nothing, discard: nothing };
}

async function nothing(): Promise<void> {}
