import { mkdir, open, readdir, rename, rm } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { checkOption } from "@plugboard/core";
import type { LogSink } from "./log-sink.ts";

/** How a log is kept in files. */
export interface FileLogOptions {
  /** Bytes after which the file is put aside and a new one begun. @default 104857600, which is 100 MiB */
  readonly maxBytes?: number;
  /** Begins a new file with the first call of each hour or day, by UTC. @default the size alone decides */
  readonly every?: "hour" | "day";
  /** How many files that were put aside are kept; the oldest go. @default all of them */
  readonly keep?: number;
  /** Milliseconds since the epoch, for the names of files that are put aside. @default Date.now */
  readonly now?: () => number;
}

/**
 * A log in a file, a line each call. A file that has grown, or whose hour or day is over, is put aside under the time at which it was: `calls.jsonl` becomes
 * `calls.20260105T101500123Z.jsonl`. One process writes to a file.
 *
 * @throws {ModelError} `invalid-request` for an option that is out of range
 * @example
 * const model = openai("gpt-4o").with(record(fileLog("logs/calls.jsonl", { maxBytes: 50e6, keep: 20 })));
 */
export function fileLog(
  path: string,
  { maxBytes = 100 * 1024 * 1024, every, keep = Infinity, now = Date.now }: FileLogOptions = {},
): LogSink {
  checkOption("maxBytes", maxBytes, { least: 1 });
  checkOption("keep", keep, { least: 0 });
  let handle: FileHandle | undefined;
  let size = 0;
  /** The hour or the day that the file is of. */
  let span = "";
  const spanOf = (time: number): string =>
    every === undefined ? "" : new Date(time).toISOString().slice(0, every === "hour" ? 13 : 10);

  async function opened(): Promise<FileHandle> {
    if (handle) return handle;
    await mkdir(dirname(path), { recursive: true });
    handle = await open(path, "a+");
    const { size: written, mtimeMs } = await handle.stat();
    size = written;
    span = spanOf(size > 0 ? mtimeMs : now());
    if (size > 0 && !(await endsWithLine(handle, size))) {
      // Of a process that was killed while it wrote: what it left is no line, and ends here.
      await handle.write("\n");
      size++;
    }
    return handle;
  }

  async function putAside(): Promise<void> {
    await handle?.sync();
    await handle?.close();
    handle = undefined;
    const time = new Date(now()).toISOString().replaceAll(/[-:.]/g, "");
    const ending = extname(path);
    const stem = path.slice(0, path.length - ending.length);
    await rename(path, await freeName(stem, time, ending));
    if (keep < Infinity) await removeOldest();
  }

  async function removeOldest(): Promise<void> {
    const ending = extname(path);
    const stem = basename(path, ending);
    const pattern = new RegExp(
      `^${stem.replaceAll(/[^A-Za-z0-9]/g, String.raw`\$&`)}\\.\\d{8}T\\d{9}Z(?:-\\d+)?${ending.replace(".", String.raw`\.`)}$`,
    );
    const aside = (await readdir(dirname(path))).filter((name) => pattern.test(name)).toSorted();
    for (const name of aside.slice(0, Math.max(0, aside.length - keep))) await rm(join(dirname(path), name));
  }

  return {
    async write(lines) {
      const text = Buffer.from(lines.map((line) => `${line}\n`).join(""));
      await opened();
      if (size > 0 && (size + text.length > maxBytes || span !== spanOf(now()))) await putAside();
      const file = await opened();
      try {
        await file.appendFile(text);
      } catch (error) {
        // Half a line may be there, as on a full disk: what comes next begins on a line of its own.
        handle = undefined;
        await file.close().catch(() => {});
        throw error;
      }
      size += text.length;
    },
    async flush() {
      await handle?.sync();
    },
    async close() {
      await handle?.close();
      handle = undefined;
    },
  };
}

async function endsWithLine(handle: FileHandle, size: number): Promise<boolean> {
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] === 0x0a;
}

/** Two may be put aside within a millisecond. */
async function freeName(stem: string, time: string, ending: string): Promise<string> {
  const names = new Set(await readdir(dirname(stem)));
  for (let number = 1; ; number++) {
    const name = `${stem}.${time}${number > 1 ? `-${number}` : ""}${ending}`;
    if (!names.has(basename(name))) return name;
  }
}
