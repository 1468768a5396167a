import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { ModelError } from "@plugboard/core";

/**
 * The pieces of a file as they are read, unpacked where its name ends with `.gz`.
 *
 * @throws {ModelError} `not-found` or `unknown` if it cannot be read, with its name
 */
export async function* piecesOf(path: string): AsyncGenerator<Buffer, void> {
  const file = createReadStream(path, { highWaterMark: 1 << 16 });
  const bytes = path.endsWith(".gz") ? file.pipe(createGunzip()) : file;
  // A pipe does not pass failures on.
  if (bytes !== file) file.once("error", (error) => void bytes.destroy(error));
  try {
    for await (const piece of bytes) yield piece as Buffer;
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new ModelError(`${path} cannot be read: ${message}.`, {
      code: code === "ENOENT" ? "not-found" : "unknown",
      cause,
    });
  } finally {
    file.destroy();
  }
}

/** One line of a file. */
export interface FileLine {
  readonly text: string;
  /** From 1. */
  readonly number: number;
  /** Whether a line end follows; the last line of a file that was cut has none. */
  readonly ended: boolean;
}

const lineEnd = 10;

/** The lines of a file, without their ends and without a byte order mark, a piece's worth of them in memory at a time. */
export async function* linesOf(path: string): AsyncGenerator<readonly FileLine[], void> {
  let number = 0;
  let rest: Buffer[] = [];
  for await (const piece of piecesOf(path)) {
    const lines: FileLine[] = [];
    let from = 0;
    for (let at = piece.indexOf(lineEnd); at >= 0; at = piece.indexOf(lineEnd, from)) {
      lines.push({ text: textOf(rest, piece.subarray(from, at), number === 0), number: ++number, ended: true });
      rest = [];
      from = at + 1;
    }
    if (from < piece.length) rest.push(piece.subarray(from));
    if (lines.length > 0) yield lines;
  }
  if (rest.length > 0) yield [{ text: textOf(rest, Buffer.alloc(0), number === 0), number: ++number, ended: false }];
}

function textOf(before: readonly Buffer[], last: Buffer, first: boolean): string {
  const bytes = before.length === 0 ? last : Buffer.concat([...before, last]);
  const text = bytes.toString("utf8");
  const start = first && text.startsWith("\uFEFF") ? 1 : 0;
  return text.slice(start, text.endsWith("\r") ? -1 : undefined);
}
