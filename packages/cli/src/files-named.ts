import { createReadStream } from "node:fs";
import type { TextOutput } from "@plugboard/transcript";
import { UsageError } from "./command.ts";
import type { Terminal } from "./terminal.ts";

/** Stands for what is piped in, or for stdout. */
const pipe = "-";

/** What a line calls an input: the path of a file, or `-` for what is piped in. @throws {UsageError} where nothing is */
export function inputNamed(name: string, { input, signal }: Terminal): AsyncIterable<Uint8Array> {
  if (name !== pipe) return createReadStream(name, { highWaterMark: 256 * 1024, signal });
  if (!input) throw new UsageError("Nothing is piped in, which is what - stands for.");
  return input;
}

/** What a line calls an output: the path of a file, or `-` for stdout. */
export function outputNamed(name: string, { out }: Terminal): TextOutput {
  return name === pipe ? { write: (text) => writeWhole(text, out) } : name;
}

/** Writes, and waits until there is room for more. */
export async function writeWhole(text: string, out: Terminal["out"]): Promise<void> {
  out.write(text);
  await out.room?.();
}

/** Where an output is, for a sentence. */
export function placeNamed(name: string): string {
  return name === pipe ? "stdout" : name;
}

/** Where what is none goes: what the line says, or beside an output that is a file. */
export function problemsNamed(given: string | undefined, output: string | undefined): string | undefined {
  return given ?? (output === undefined || output === pipe ? undefined : `${output}.problems.jsonl`);
}
