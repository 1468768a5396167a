import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { callAnswerer } from "./answer-call.ts";
import type { RunningCall, SimulateOptions } from "./answer-call.ts";
import { usualRoutes } from "./routes.ts";
import type { SimulatedCall } from "./simulated-call.ts";

/** A running simulator. */
export interface Simulator extends AsyncDisposable {
  /** `http://127.0.0.1:49152`; the providers' paths follow. */
  readonly url: string;
  /** What it was asked, in order; the last ten thousand. */
  readonly requests: readonly SimulatedCall[];
  /** Calls under way. */
  readonly open: number;
  /** Calls that ended because the client went away. */
  readonly aborted: number;
  /** Connections, those kept alive between calls included. */
  readonly sockets: number;
  /** Resolves once no call is under way. */
  idle(): Promise<void>;
  /** Ends every call and connection. */
  close(): Promise<void>;
}

const remembered = 10_000;

/**
 * Starts a server on this machine that speaks the providers' own protocols, for the tests of an application: at its own pace, counting
 * tokens, and going wrong as it is told.
 *
 * It writes with the mappings of our own packages, so it never alone proves an adapter: recorded bytes do.
 *
 * @example
 * await using simulator = await simulate({ models: { "gpt-4o": { answer: "Hello", fault: [{ type: "throttle" }] } } });
 * const model = openai("gpt-4o", { baseURL: `${simulator.url}/v1`, apiKey: "any" });
 */
export async function simulate(options: SimulateOptions): Promise<Simulator> {
  const { routes = usualRoutes(), maxCalls = 1000 } = options;
  const requests: SimulatedCall[] = [];
  const running = new Set<AbortController>();
  let waiting: (() => void)[] = [];
  let aborted = 0;
  const sockets = new Set<Socket>();
  const answerCall = callAnswerer({ ...options, routes }, () => running.size > maxCalls);

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const call: RunningCall = {
      path: new URL(incoming.url ?? "/", "http://127.0.0.1").pathname,
      headers: incoming.headers,
      protocol: "",
      model: "",
      call: 0,
      outcome: "running",
      started: Date.now(),
    };
    if (requests.push(call) > remembered) requests.shift();
    const stop = new AbortController();
    running.add(stop);
    response.on("close", () => stop.abort());

    let outcome: SimulatedCall["outcome"] = "failed";
    try {
      outcome = await answerCall(call, incoming, response, stop.signal);
    } catch {
      response.destroy(); // an answer that cannot be written breaks off
    }
    call.outcome = outcome;
    call.ended = Date.now();
    if (response.headersSent) call.status = response.statusCode;
    if (outcome === "aborted") aborted++;
    running.delete(stop);
    if (running.size > 0) return;
    for (const tell of waiting) tell();
    waiting = [];
  }

  const server = createServer((incoming, response) => void serve(incoming, response));
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });

  function idle(): Promise<void> {
    if (running.size === 0) return Promise.resolve();
    return new Promise((resolve) => void waiting.push(resolve));
  }

  async function close(): Promise<void> {
    if (!server.listening) return;
    server.close();
    for (const stop of running) stop.abort();
    const ends = Array.from(sockets, (socket) => once(socket, "close"));
    server.closeAllConnections();
    await Promise.all(ends);
    await idle();
  }

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    get open() {
      return running.size;
    },
    get aborted() {
      return aborted;
    },
    get sockets() {
      return sockets.size;
    },
    idle,
    close,
    [Symbol.asyncDispose]: close,
  };
}
