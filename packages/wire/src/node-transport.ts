import type * as Http from "node:http";
import type * as Https from "node:https";
import type * as Url from "node:url";
import type { ByteSource, Transport, TransportRequest, TransportResponse } from "./transport.ts";
import { queueOf, unpacking } from "./queue-of.ts";

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
  const { method, url, body, signal, onConnect } = request;
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const { scheme, host, place } = targetOf(url);
    const { request: open } = scheme === "https" ? https() : http();
    const headers = listOf(request, host);
    const sent = open({ ...place, method, agent: agents[scheme], headers });

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
        body: bodyOf(incoming, sent),
      });
    });
    // Stays for as long as the request lives: an error nobody listens for would end the process.
    sent.on("error", reject);
    sent.once("close", () => {
      signal.removeEventListener("abort", abort);
      reject(new Error("The connection closed without an answer."));
    });
    // Requests of one turn of the event loop are written one after the other: waking the other side for each had cost more.
    setImmediate(() => sent.end(body));
  });
}

/** A flat list goes out as it is; an object is looked through by Node header by header. */
function listOf({ headers, method, body }: TransportRequest, host: string): string[] {
  const list = ["accept-encoding", "identity"];
  for (const name in headers) if (name !== "accept-encoding") list.push(name, headers[name]!);
  if (headers["host"] === undefined) list.push("host", host);
  if (headers["content-length"] === undefined && method === "POST") {
    list.push("content-length", String(body === undefined ? 0 : Buffer.byteLength(body)));
  }
  return list;
}

interface Target {
  readonly scheme: "http" | "https";
  readonly host: string;
  /** Where to connect and what to ask for, as `node:http` takes it. */
  readonly place: Http.RequestOptions;
}

/** Taken apart once an address: an application asks the same again and again. */
const targets = new Map<string, Target>();
const mostTargets = 100;

function targetOf(url: string): Target {
  let target = targets.get(url);
  if (!target) {
    const parsed = new URL(url);
    const { hostname, port, path } = toOptions()(parsed);
    const place = { hostname: hostname!, port: port ?? "", path: path! };
    target = { scheme: parsed.protocol === "https:" ? "https" : "http", host: parsed.host, place };
    if (targets.size >= mostTargets) targets.clear();
    targets.set(url, target);
  }
  return target;
}

function bodyOf(incoming: Http.IncomingMessage, sent: Http.ClientRequest): ByteSource {
  const unpack = unpacking(incoming.headers["content-encoding"]);
  // `pipe` tells neither side when the other breaks.
  if (unpack) incoming.once("error", (error) => unpack.destroy(error));
  return queueOf(unpack ? incoming.pipe(unpack) : incoming, () => sent.destroy());
}

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
const toOptions = (): typeof Url.urlToHttpOptions => process.getBuiltinModule("node:url").urlToHttpOptions;
