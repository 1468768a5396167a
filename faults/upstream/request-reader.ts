import type { Socket } from "node:net";

/** A request, as far as a fault has use for it. */
export interface ReceivedRequest {
  /** Of the upstream, counted from 0. */
  readonly number: number;
  /** The line that it begins with. */
  readonly head: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Reads one request after the other from a socket. */
export class RequestReader {
  #bytes = Buffer.alloc(0);
  #over = false;
  #wake: (() => void) | undefined;

  constructor(socket: Socket) {
    socket.on("data", (bytes) => {
      this.#bytes = Buffer.concat([this.#bytes, bytes]);
      this.#wake?.();
    });
    const stop = (): void => {
      this.#over = true;
      this.#wake?.();
    };
    socket.once("end", stop);
    socket.once("close", stop);
  }

  /** The next one; `undefined` when no more will come. */
  async next(): Promise<Omit<ReceivedRequest, "number"> | undefined> {
    for (;;) {
      const request = this.#take();
      if (request) return request;
      if (this.#over) return undefined;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  #take(): Omit<ReceivedRequest, "number"> | undefined {
    const headEnd = this.#bytes.indexOf("\r\n\r\n");
    if (headEnd < 0) return undefined;
    const [head = "", ...lines] = this.#bytes.toString("latin1", 0, headEnd).split("\r\n");
    const headers: Record<string, string> = {};
    for (const line of lines) {
      const colon = line.indexOf(":");
      headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
    }
    const start = headEnd + 4;
    const stop = start + Number(headers["content-length"] ?? 0);
    if (this.#bytes.length < stop) return undefined;
    const body = this.#bytes.toString("utf8", start, stop);
    this.#bytes = this.#bytes.subarray(stop);
    return { head, headers, body };
  }
}
