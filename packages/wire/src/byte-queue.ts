import type { ByteRead, ByteSource } from "./transport.ts";

/** Where the bytes of a queue come from. */
export interface ByteFlow {
  /** Nobody reads: send nothing more. What is under way may still arrive. */
  pause(): void;
  /** May send what is there before it returns. */
  resume(): void;
  /** Nobody wants the rest: closes the socket. */
  close(): void;
}

/** What has arrived and is not yet read, at most; then the socket waits. */
const most = 64 * 1024;

/**
 * The body of a response for transports whose bytes arrive by callback: holds what is not yet read, and stops the flow when that is
 * much.
 *
 * @example
 * const body = new ByteQueue({ pause: () => socket.pause(), resume: () => socket.resume(), close: () => socket.destroy() });
 * socket.on("data", (bytes) => body.push(bytes)).on("end", () => body.end()).on("error", (error) => body.fail(error));
 */
export class ByteQueue implements ByteSource {
  readonly #flow: ByteFlow;
  #arrived: Uint8Array[] = [];
  #size = 0;
  #paused = false;
  #state: "open" | "ended" | "broken" = "open";
  #error: unknown;
  #resolve: ((read: ByteRead) => void) | undefined;
  #reject: ((error: unknown) => void) | undefined;

  constructor(flow: ByteFlow) {
    this.#flow = flow;
  }

  /** Bytes have arrived. */
  push(bytes: Uint8Array): void {
    const resolve = this.#resolve;
    if (resolve) {
      this.#resolve = this.#reject = undefined;
      return resolve({ value: bytes });
    }
    if (this.#state !== "open") return;
    this.#arrived.push(bytes);
    this.#size += bytes.length;
    if (this.#paused || this.#size < most) return;
    this.#paused = true;
    this.#flow.pause();
  }

  /** The body is whole. */
  end(): void {
    if (this.#state !== "open") return;
    this.#state = "ended";
    this.#resolve?.({});
    this.#resolve = this.#reject = undefined;
  }

  /** The body has broken off; what had arrived can still be read. */
  fail(error: unknown): void {
    if (this.#state !== "open") return;
    this.#state = "broken";
    this.#error = error;
    this.#reject?.(error);
    this.#resolve = this.#reject = undefined;
  }

  read(): Promise<ByteRead> {
    if (this.#arrived.length > 0) return Promise.resolve({ value: this.#taken() });
    if (this.#state === "ended") return Promise.resolve({});
    if (this.#state === "broken") return Promise.reject(this.#error);
    return new Promise(this.#wait);
  }

  cancel(): void {
    this.#arrived = [];
    if (this.#state !== "open") return;
    this.end();
    this.#flow.close();
  }

  readonly #wait = (resolve: (read: ByteRead) => void, reject: (error: unknown) => void): void => {
    this.#resolve = resolve;
    this.#reject = reject;
  };

  /** All that waits, as one read. */
  #taken(): Uint8Array {
    const { length } = this.#arrived;
    const all = length === 1 ? this.#arrived[0]! : Buffer.concat(this.#arrived, this.#size);
    this.#arrived = [];
    this.#size = 0;
    if (this.#paused) {
      this.#paused = false;
      this.#flow.resume();
    }
    return all;
  }
}
