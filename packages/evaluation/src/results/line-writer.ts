import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";

/** Adds lines of JSON to a file, each whole. */
export class LineWriter {
  readonly #path: string;
  #file: FileHandle | undefined;
  #waiting: string[] = [];
  #writing: Promise<void> | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** Adds a line; resolves once it is handed to the system. Lines that come meanwhile go together in one write. */
  async add(value: object): Promise<void> {
    this.#waiting.push(`${JSON.stringify(value)}\n`);
    await (this.#writing ??= this.#write());
  }

  async #write(): Promise<void> {
    try {
      this.#file ??= await open(this.#path, "a");
      while (this.#waiting.length > 0) {
        const lines = this.#waiting.join("");
        this.#waiting = [];
        await this.#file.appendFile(lines);
      }
    } finally {
      this.#writing = undefined;
    }
  }

  async close(): Promise<void> {
    try {
      await this.#writing;
      await this.#file?.datasync();
    } finally {
      await this.#file?.close();
      this.#file = undefined;
    }
  }
}
