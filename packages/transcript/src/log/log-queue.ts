import type { LogSink } from "./log-sink.ts";

/** What waits to be written, and what becomes of it. */
export interface LogQueueOptions {
  /** How many calls may wait. */
  readonly room: number;
  /** How many bytes they may have in all. */
  readonly roomBytes: number;
  /** Told of what failed; the calls go on. */
  readonly onFault: (error: unknown) => void;
}

interface Waiting<Entry> {
  readonly entry: Entry;
  readonly bytes: number;
}

/** So many are written out before anything else in the process has its turn. */
const most = 16;
// Those of the machine: an application's tests with fake timers do not stop the log.
const soon = setImmediate;

/** Writes to a sink behind the back of the calls: what has no room is dropped and counted, and nothing waits for it. */
export class LogQueue<Entry> {
  readonly #sink: LogSink;
  readonly #write: (entry: Entry) => Promise<string | undefined>;
  readonly #options: LogQueueOptions;
  #waiting: Waiting<Entry>[] = [];
  #bytes = 0;
  #work: Promise<void> | undefined;
  /** How many had no room, or could not be written. */
  dropped = 0;

  /** @param write - the line of an entry; `undefined` for one that is left out */
  constructor(sink: LogSink, write: (entry: Entry) => Promise<string | undefined>, options: LogQueueOptions) {
    this.#sink = sink;
    this.#write = write;
    this.#options = options;
  }

  /**
   * @param bytes - about how many it has
   * @returns whether there was room
   */
  add(entry: Entry, bytes: number): boolean {
    const { room, roomBytes } = this.#options;
    if (this.#waiting.length >= room || this.#bytes + bytes > roomBytes) {
      this.dropped++;
      return false;
    }
    this.#waiting.push({ entry, bytes });
    this.#bytes += bytes;
    this.#work ??= this.#run();
    return true;
  }

  async flush(): Promise<void> {
    await this.#work;
    await this.#sink.flush?.();
  }

  async #run(): Promise<void> {
    do {
      await new Promise<void>((resolve) => void soon(resolve));
      const batch = this.#waiting.slice(0, most);
      const lines: string[] = [];
      for (const { entry } of batch) {
        try {
          const line = await this.#write(entry);
          if (line !== undefined) lines.push(line);
        } catch (error) {
          this.#lose(1, error);
        }
      }
      try {
        if (lines.length > 0) await this.#sink.write(lines);
      } catch (error) {
        this.#lose(lines.length, error);
      }
      // They had room until here, so that a slow sink is seen by who adds more.
      this.#waiting = this.#waiting.slice(batch.length);
      for (const { bytes } of batch) this.#bytes -= bytes;
    } while (this.#waiting.length > 0);
    this.#work = undefined;
  }

  #lose(count: number, error: unknown): void {
    this.dropped += count;
    try {
      this.#options.onFault(error);
    } catch {
      // It cannot be told of its own fault.
    }
  }
}
