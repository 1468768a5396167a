import { open, rename, rm } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { ModelError } from "@plugboard/core";
import type { Measurement } from "@plugboard/core";
import { linesOf } from "../dataset/lines-of.ts";
import { LineWriter } from "./line-writer.ts";
import { measurementOf } from "./measurements.ts";

/** A file of results that is added to, a line a measurement. */
export class ResultsFile {
  readonly #path: string;
  readonly #lines: LineWriter;

  constructor(path: string) {
    this.#path = path;
    this.#lines = new LineWriter(path);
  }

  /**
   * The measurements that are there from an earlier run, as they are read. Lines that `drop` refuses, and lines that are broken, as the last
   * one is after a crash, are taken out of the file afterwards: by a copy that takes its place, so that no moment is without a whole file.
   */
  async *kept(drop: (measurement: Measurement) => boolean): AsyncGenerator<Measurement, void> {
    const copy = `${this.#path}.repaired`;
    let out: FileHandle | undefined;
    try {
      let whole = 0; // bytes of lines that stay, before the first that does not
      for await (const lines of this.#read()) {
        let stay = "";
        for (const { text, ended } of lines) {
          const measurement = measurementOf(text);
          const good = measurement !== undefined && !drop(measurement);
          if (!(good && ended) && !out) {
            out = await this.#copyOf(copy, whole + Buffer.byteLength(stay));
            stay = "";
          }
          if (!good) continue;
          stay += `${text}\n`;
          yield measurement;
        }
        if (out) await out.write(stay);
        else whole += Buffer.byteLength(stay);
      }
      if (out) {
        await out.datasync();
        await out.close();
        await rename(copy, this.#path);
      }
      out = undefined;
    } finally {
      if (out) {
        await out.close();
        await rm(copy, { force: true });
      }
    }
  }

  async *#read(): ReturnType<typeof linesOf> {
    try {
      yield* linesOf(this.#path);
    } catch (error) {
      if (!(error instanceof ModelError && error.code === "not-found")) throw error;
    }
  }

  /** A file with the first so many bytes of this one. */
  async #copyOf(path: string, bytes: number): Promise<FileHandle> {
    const copy = await open(path, "w");
    const from = await open(this.#path, "r");
    try {
      const piece = Buffer.alloc(Math.min(bytes, 1 << 20) || 1);
      for (let done = 0; done < bytes;) {
        const { bytesRead } = await from.read(piece, 0, Math.min(piece.length, bytes - done), done);
        await copy.write(piece, 0, bytesRead);
        done += bytesRead;
      }
    } finally {
      await from.close();
    }
    return copy;
  }

  /** Adds a line; resolves once it is handed to the system. */
  add(measurement: Measurement): Promise<void> {
    return this.#lines.add(measurement);
  }

  close(): Promise<void> {
    return this.#lines.close();
  }
}
