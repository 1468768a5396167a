import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { ModelError, checkOption } from "@plugboard/core";
import type { Handle } from "../handling/handle.ts";
import type { Metrics } from "../telling/metrics.ts";
import { refuseConnection, refuseUnread } from "./client-error.ts";
import { isLoopback, loopbackHost } from "./loopback.ts";
import { nodeIncoming } from "./node-incoming.ts";
import { remoteOf } from "./remote-of.ts";
import { sendAnswer } from "./send-answer.ts";
import type { DrainOptions, GatewayServer, ServeOptions } from "./serve-options.ts";

/** What a server needs of its gateway. */
export interface Served {
  readonly handle: Handle;
  readonly metrics: Metrics;
  /** Whether everyone may ask. */
  readonly isOpen: boolean;
  /** Told when the server begins to end: it is not ready any more. */
  readonly draining: () => void;
}

/** Milliseconds that a client has to take the last of its answer. */
const lastWords = 1000;

/**
 * Listens on `node:http`.
 *
 * @throws {ModelError} `invalid-request` for an address beyond this machine without keys; `network` where it cannot listen
 */
export async function serve(served: Served, options: ServeOptions = {}): Promise<GatewayServer> {
  const { handle, metrics, isOpen } = served;
  const { host = "127.0.0.1", port = 8787, maxConnections = 5000, stallTimeout = 60_000, proxies = 0 } = options;
  checkOption("maxConnections", maxConnections, { least: 1, whole: true });
  if (isOpen && !isLoopback(host)) {
    const message = `Without keys, \`host\` must be this machine, such as 127.0.0.1; it is ${host}.`;
    throw new ModelError(message, { code: "invalid-request" });
  }
  const sockets = new Set<Socket>();
  const surplus = new WeakSet<Socket>();
  const running = new Map<ServerResponse, AbortController>();
  let ending: Promise<void> | undefined;
  let idle: (() => void) | undefined;

  const server = createServer({
    maxHeaderSize: options.maxHeaderBytes ?? 16_384,
    headersTimeout: options.headersTimeout ?? 10_000,
    requestTimeout: options.requestTimeout ?? 30_000,
    keepAliveTimeout: options.keepAliveTimeout ?? 5_000,
    connectionsCheckingInterval: 500,
    // What waits in each direction of a slow connection.
    highWaterMark: 16_384,
  });

  server.on("connection", (socket) => {
    // Those just beyond are told so; a flood is not.
    if (sockets.size >= maxConnections) {
      metrics.connectionRefused("full");
      if (sockets.size >= maxConnections * 1.1 + 16) return void socket.destroy();
      surplus.add(socket);
    }
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  server.on("request", (request, response) => void answer(request, response));
  server.on("clientError", (error, socket) => metrics.connectionRefused(refuseConnection(error, socket)));
  metrics.connections = () => sockets.size;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { socket } = request;
    if (ending) return refuseUnread(response, 503, "The server is ending.");
    if (surplus.has(socket)) return refuseUnread(response, 503, "There are too many connections.");
    // A page of a browser can have a name of its own lead here.
    if (isOpen && !loopbackHost(request.headers.host)) return refuseUnread(response, 403, "Ask for this host by its own name.");

    const stop = new AbortController();
    running.set(response, stop);
    response.once("close", () => {
      running.delete(response);
      if (!response.writableFinished) stop.abort(new ModelError("The client is gone.", { code: "aborted" }));
      if (running.size === 0) idle?.();
    });
    response.on("error", () => {}); // it closes, too
    const { signal } = stop;
    const told = await handle(nodeIncoming(request, remoteOf(request, proxies), signal));
    response.once("close", () => told.ended(response.writableFinished ? "sent" : "cut"));
    await sendAnswer(request, response, told, { signal, stallTimeout });
    if (response.closed) told.ended("cut");
  }

  function drain({ grace = 30_000 }: DrainOptions = {}): Promise<void> {
    return (ending ??= end(grace));
  }

  async function end(grace: number): Promise<void> {
    served.draining();
    const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
    server.closeIdleConnections();
    await quiet(grace);
    const why = (): ModelError => new ModelError("The gateway is being shut down. Ask again.", { code: "overloaded" });
    for (const stop of running.values()) stop.abort(why());
    await quiet(lastWords);
    server.closeAllConnections();
    for (const socket of sockets) socket.destroy();
    await closed;
  }

  /** Until nothing is under way, or for so long. */
  function quiet(time: number): Promise<void> {
    if (running.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, time);
      idle = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) => {
      reject(new ModelError(`It cannot listen on ${host}:${port}.`, { code: "network", cause }));
    });
    server.listen(port, host, resolve);
  });
  const bound = server.address() as AddressInfo;
  return {
    url: `http://${bound.family === "IPv6" ? `[${bound.address}]` : bound.address}:${bound.port}`,
    get connections() {
      return sockets.size;
    },
    drain,
    [Symbol.asyncDispose]: () => drain({ grace: 0 }),
  };
}
