import { createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { setImmediate, setTimeout } from "node:timers/promises";
import { RequestReader } from "./request-reader.ts";
import type { ReceivedRequest } from "./request-reader.ts";
import type { Script, Step } from "./step.ts";

/** A scripted server on loopback, on bare sockets: what a broken peer does on the wire is done here, and not imitated. */
export interface Upstream {
  readonly origin: string;
  /** In the order in which they came; the first thousand are kept. */
  readonly requests: readonly ReceivedRequest[];
  /** How many connections were accepted. */
  readonly accepted: number;
  /** Connections whose script still runs. */
  readonly busy: number;
  /** All connections that are open, those among them that wait for another request. */
  readonly open: number;
  /** Bytes of bodies that the other side took. */
  readonly taken: number;
  /** Resolves once a script has come to where it hangs. */
  readonly hung: Promise<void>;
  /** Resolves once no script runs. */
  quiet(): Promise<void>;
  close(): Promise<void>;
}

const mostKept = 1000;

/**
 * Serves the scripts in turn, one a request, and the last one again and again; or what a function makes of each request. That is also
 * asked of each connection, as of a request without a head: a script that begins with `accept` is done at once.
 */
export async function startUpstream(
  scripts: readonly Script[] | ((request: ReceivedRequest) => Script),
): Promise<Upstream> {
  const upstream = new ScriptedUpstream(
    typeof scripts === "function" ? scripts : ({ number }) => scripts[Math.min(number, scripts.length - 1)]!,
  );
  await upstream.listen();
  return upstream;
}

class ScriptedUpstream implements Upstream {
  readonly requests: ReceivedRequest[] = [];
  origin = "";
  accepted = 0;
  busy = 0;
  taken = 0;
  readonly hung: Promise<void>;
  readonly #scriptOf: (request: ReceivedRequest) => Script;
  readonly #server: Server;
  #received = 0;
  readonly #sockets = new Set<Socket>();
  #tellHung!: () => void;
  #tellQuiet: (() => void) | undefined;

  constructor(scriptOf: (request: ReceivedRequest) => Script) {
    this.#scriptOf = scriptOf;
    this.hung = new Promise((resolve) => (this.#tellHung = resolve));
    this.#server = createServer({ noDelay: true }, (socket) => void this.#serve(socket));
  }

  get open(): number {
    return this.#sockets.size;
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen({ port: 0, host: "127.0.0.1", backlog: 1024 }, resolve));
    this.origin = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async quiet(): Promise<void> {
    if (this.busy > 0) await new Promise<void>((resolve) => (this.#tellQuiet = resolve));
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(socket: Socket): Promise<void> {
    this.accepted++;
    this.#sockets.add(socket);
    socket.on("error", () => {});
    const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
    void closed.then(() => this.#sockets.delete(socket));
    const reader = new RequestReader(socket);
    const next = this.#scriptOf({ number: this.accepted - 1, head: "", headers: {}, body: "" });
    if (next[0]?.do === "accept") return this.#run(socket, closed, next.slice(1));
    for (;;) {
      const request = await reader.next();
      if (!request) return void socket.destroy();
      const numbered = { ...request, number: this.#received++ };
      if (numbered.number < mostKept) this.requests.push(numbered);
      await this.#run(socket, closed, this.#scriptOf(numbered));
    }
  }

  async #run(socket: Socket, closed: Promise<void>, script: Script): Promise<void> {
    this.busy++;
    const exchange = new Exchange(socket, closed, (count) => (this.taken += count));
    try {
      for (const step of script) {
        if (step.do === "hang") this.#tellHung();
        await exchange.do(step);
        if (socket.destroyed) break;
      }
    } finally {
      this.busy--;
      if (this.busy === 0) this.#tellQuiet?.();
    }
  }
}

/** One answer on its way. */
class Exchange {
  readonly #socket: Socket;
  readonly #count: (bytes: number) => void;
  readonly #closed: Promise<void>;
  #chunked = false;

  constructor(socket: Socket, closed: Promise<void>, count: (bytes: number) => void) {
    this.#socket = socket;
    this.#closed = closed;
    this.#count = count;
  }

  async do(step: Step): Promise<void> {
    switch (step.do) {
      case "accept":
        return;
      case "head":
        return this.#head(step);
      case "send":
      case "raw": {
        const { bytes, piece = bytes.length, every } = step;
        for (let start = 0; start < bytes.length && !this.#socket.destroyed; start += piece) {
          const part = bytes.subarray(start, start + piece);
          await this.#write(step.do === "raw" ? part : this.#framed(part));
          if (every !== undefined) await this.#sleep(every);
          else if (piece < bytes.length) await setImmediate();
        }
        return;
      }
      case "pour":
        while (!this.#socket.destroyed) {
          await this.#write(this.#framed(step.bytes));
          await (step.every === undefined ? setImmediate() : this.#sleep(step.every));
        }
        return;
      case "pause":
        return this.#sleep(step.delay);
      case "end":
        if (this.#chunked) await this.#write(Buffer.from("0\r\n\r\n"));
        return;
      case "close":
        this.#socket.end();
        return this.#closed;
      case "reset":
        this.#socket.resetAndDestroy();
        return this.#closed;
      case "hang":
        return this.#closed;
    }
  }

  async #head({ status, headers, body }: Step & { readonly do: "head" }): Promise<void> {
    this.#chunked = body === "chunked";
    const told = {
      ...headers,
      ...(body === "chunked" && { "transfer-encoding": "chunked" }),
      ...(body === "close" && { connection: "close" }),
      ...(typeof body === "object" && { "content-length": String(body.length) }),
    };
    const lines = Object.entries(told).map(([name, value]) => `${name}: ${value}\r\n`);
    await this.#write(Buffer.from(`HTTP/1.1 ${status} Status\r\n${lines.join("")}\r\n`));
  }

  #framed(part: Uint8Array): Uint8Array {
    return this.#chunked
      ? Buffer.concat([Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from("\r\n")])
      : part;
  }

  async #write(bytes: Uint8Array): Promise<void> {
    const socket = this.#socket;
    if (socket.destroyed || !socket.writable) return;
    const full = !socket.write(bytes, (error) => {
      if (!error) this.#count(bytes.length);
    });
    if (full) {
      await Promise.race([new Promise<void>((resolve) => socket.once("drain", () => resolve())), this.#closed]);
    }
  }

  async #sleep(delay: number): Promise<void> {
    const stop = new AbortController();
    const slept = setTimeout(delay, undefined, { signal: stop.signal }).catch(() => {});
    await Promise.race([slept, this.#closed]);
    stop.abort();
  }
}
