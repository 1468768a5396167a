import type * as Http from "node:http";
import type * as Https from "node:https";
import type { Readable, Transform } from "node:stream";
import type * as Zlib from "node:zlib";
import type { ByteRead, ByteSource, Transport, TransportRequest, TransportResponse } from "./transport.ts";

/** How `node:http` keeps its sockets. */
export interface NodeTransportOptions {
  /** Sockets to one host at a time; further requests wait for one, on the connect clock. @default Infinity */
  readonly maxSockets?: number;
  /** Milliseconds that an idle socket is kept; a server that says it closes sooner is believed. @default 4000 */
  readonly keepAlive?: number;
  /** The application's own, for a proxy or for certificates. */
  readonly agents?: { readonly http?: Http.Agent; readonly https?: Http.Agent };
}

type Agents = Readonly<Record<"http" | "https", Http.Agent>>;

/**
 * Sends requests with `node:http` and `node:https`, over sockets that are kept alive. It costs less a read than the `fetch` of Node,
 * and shows when the socket is connected. It is the default in Node.
 *
 * Answers are asked for as they are (`accept-encoding: identity`): compression holds back an event stream to gain little. A server
 * that compresses all the same is understood, and the bounds count what was unpacked.
 *
 * @example
 * const model = openai("gpt-4o", { transport: nodeTransport({ maxSockets: 50 }) });
 */
export function nodeTransport(options: NodeTransportOptions = {}): Transport {
  let agents: Agents | undefined;
  function send(request: TransportRequest): Promise<TransportResponse> {
    agents ??= makeAgents(options);
    return sendByNode(request, agents);
  }
  return Object.assign(send, { showsConnect: true });
}

function makeAgents({ maxSockets = Infinity, keepAlive = 4000, agents }: NodeTransportOptions): Agents {
  const kept = { keepAlive: true, timeout: keepAlive, maxSockets };
  return {
    http: agents?.http ?? new (http().Agent)(kept),
    https: agents?.https ?? new (https().Agent)(kept),
  };
}

function sendByNode(request: TransportRequest, agents: Agents): Promise<TransportResponse> {
  const { method, url, headers, body, signal, onConnect } = request;
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const target = new URL(url);
    const scheme = target.protocol === "https:" ? "https" : "http";
    const { request: open } = scheme === "https" ? https() : http();
    const sent = open(target, {
      method,
      agent: agents[scheme],
      headers: { ...headers, "accept-encoding": "identity" },
    });

    const abort = (): void => void sent.destroy(signal.reason as Error);
    signal.addEventListener("abort", abort, { once: true });
    sent.once("socket", (socket) => {
      if (!onConnect) return;
      if (socket.connecting) socket.once(scheme === "https" ? "secureConnect" : "connect", onConnect);
      else onConnect();
    });
    sent.once("response", (incoming) => {
      resolve({
        status: incoming.statusCode ?? 0,
        headers: joined(incoming.headers),
        body: new NodeBytes(unpacked(incoming), sent),
      });
    });
    // Stays for as long as the request lives: an error nobody listens for would end the process.
    sent.on("error", reject);
    sent.once("close", () => {
      signal.removeEventListener("abort", abort);
      reject(new Error("The connection closed without an answer."));
    });
    sent.end(body);
  });
}

/** What has arrived and is not yet read, at most; then the socket waits. */
const most = 64 * 1024;

class NodeBytes implements ByteSource {
  readonly #stream: Readable;
  readonly #request: Http.ClientRequest;
  #arrived: Uint8Array[] = [];
  #size = 0;
  #state: "open" | "ended" | "broken" = "open";
  #error: unknown;
  #resolve: ((read: ByteRead) => void) | undefined;
  #reject: ((error: unknown) => void) | undefined;

  constructor(stream: Readable, request: Http.ClientRequest) {
    this.#stream = stream;
    this.#request = request;
    stream.on("data", this.#take);
    stream.once("end", () => this.#end("ended"));
    stream.once("close", () => this.#end("broken", new Error("The connection closed before the answer had ended.")));
    stream.on("error", (error) => this.#end("broken", error));
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
    this.#end("ended");
    this.#stream.destroy();
    this.#request.destroy();
  }

  readonly #wait = (resolve: (read: ByteRead) => void, reject: (error: unknown) => void): void => {
    this.#resolve = resolve;
    this.#reject = reject;
  };

  readonly #take = (bytes: Uint8Array): void => {
    const resolve = this.#resolve;
    if (resolve) {
      this.#resolve = this.#reject = undefined;
      return resolve({ value: bytes });
    }
    if (this.#state !== "open") return;
    this.#arrived.push(bytes);
    this.#size += bytes.length;
    if (this.#size >= most) this.#stream.pause();
  };

  /** All that waits, as one read. */
  #taken(): Uint8Array {
    const { length } = this.#arrived;
    const all = length === 1 ? this.#arrived[0]! : Buffer.concat(this.#arrived, this.#size);
    if (this.#size >= most) this.#stream.resume();
    this.#arrived = [];
    this.#size = 0;
    return all;
  }

  #end(state: "ended" | "broken", error?: unknown): void {
    if (this.#state !== "open") return;
    this.#state = state;
    this.#error = error;
    if (state === "ended") this.#resolve?.({});
    else this.#reject?.(error);
    this.#resolve = this.#reject = undefined;
  }
}

function unpacked(incoming: Http.IncomingMessage): Readable {
  const encoding = incoming.headers["content-encoding"]?.toLowerCase().trim() ?? "identity";
  const unpack = unpackers[encoding]?.();
  if (!unpack) return incoming;
  // `pipe` tells neither side when the other breaks.
  incoming.once("error", (error) => unpack.destroy(error));
  return incoming.pipe(unpack);
}

const unpackers: Readonly<Record<string, (() => Transform) | undefined>> = {
  gzip: () => zlib().createGunzip(),
  "x-gzip": () => zlib().createGunzip(),
  deflate: () => zlib().createInflate(),
  br: () => zlib().createBrotliDecompress(),
};

function joined(headers: Http.IncomingHttpHeaders): Record<string, string> {
  const all: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) all[name] = typeof value === "string" ? value : value.join(", ");
  }
  return all;
}

// Asked for when they are needed, and not imported: so this package loads in runtimes without them.
const http = (): typeof Http => process.getBuiltinModule("node:http");
const https = (): typeof Https => process.getBuiltinModule("node:https");
const zlib = (): typeof Zlib => process.getBuiltinModule("node:zlib");
