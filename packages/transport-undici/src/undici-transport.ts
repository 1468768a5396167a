import type { Transport, TransportRequest, TransportResponse } from "@plugboard/wire";
import type { Dispatcher, buildConnector } from "undici";
import { ClientPool } from "./client-pool.ts";
import { Exchange } from "./exchange.ts";

/** How undici keeps its connections. */
export interface UndiciTransportOptions {
  /** Connections to one origin at a time; further requests wait for one, on the connect clock. @default Infinity */
  readonly maxSockets?: number;
  /** Milliseconds that an idle connection is kept; a server that says it closes sooner is believed. @default 4000 */
  readonly keepAlive?: number;
  /** For TLS and the socket, as undici's `buildConnector` takes them: certificates, addresses. */
  readonly connect?: buildConnector.BuildOptions;
  /**
   * The application's own, for a proxy for one, and in place of all the above. What it does not do for other requests it does not do
   * for these: a call that is called off while it connects ends at once, but its socket is left to the dispatcher.
   */
  readonly dispatcher?: Pick<Dispatcher, "dispatch">;
}

/** A {@link Transport} that can let its connections go. */
export interface UndiciTransport extends Transport {
  /** Closes the connections that are idle now, so that a process that is done need not wait for their end. */
  close(): void;
}

/**
 * Sends requests by undici's dispatcher, a callback for each thing that arrives and no stream: the cheapest way of Node over HTTP/1.1.
 * In all else it is as `nodeTransport`, and judged by the same tests.
 *
 * @example
 * const model = openai("gpt-4o", { transport: undiciTransport({ maxSockets: 50 }) });
 */
export function undiciTransport({ dispatcher, ...options }: UndiciTransportOptions = {}): UndiciTransport {
  const pools = new Map<string, ClientPool>();
  function send(request: TransportRequest): Promise<TransportResponse> {
    return new Promise((resolve, reject) => {
      request.signal.throwIfAborted();
      const { origin, path } = placeOf(request.url);
      const exchange = new Exchange(request, origin, path, resolve, reject);
      if (dispatcher) return exchange.over(dispatcher);
      let pool = pools.get(origin);
      if (!pool) pools.set(origin, (pool = new ClientPool(origin, options)));
      pool.send(exchange);
    });
  }
  function close(): void {
    for (const pool of pools.values()) pool.close();
  }
  return Object.assign(send, { showsConnect: true, close });
}

/** Taken apart once an address: an application asks the same again and again. */
const places = new Map<string, { readonly origin: string; readonly path: string }>();
const mostPlaces = 100;

function placeOf(url: string): { readonly origin: string; readonly path: string } {
  let place = places.get(url);
  if (!place) {
    const { origin, pathname, search } = new URL(url);
    place = { origin, path: pathname + search };
    if (places.size >= mostPlaces) places.clear();
    places.set(url, place);
  }
  return place;
}
