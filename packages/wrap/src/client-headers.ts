import type { CallOptions, ModelRequest } from "@plugboard/core";

/** No string key, so that nothing but `originalModel` ever looks at it, and a layer that spreads the request takes it along. */
const ofClient: unique symbol = Symbol("headers of the client");

interface Carrying {
  readonly [ofClient]?: Readonly<Record<string, string>>;
}

/** About the body and the connection, which are ours, or about the client's own way of asking. */
const notOurs =
  /^(?:accept|accept-encoding|connection|content-.*|host|keep-alive|te|trailer|transfer-encoding|upgrade)$|^x-stainless-/;

/**
 * Lays the headers of a client's request, its key among them, into the circumstances of a call, out of sight of every model but the one
 * that stands for the client's own provider.
 */
export function carryHeaders(options: CallOptions, headers: Headers): CallOptions {
  const carried = Array.from(headers).filter(([name, value]) => !notOurs.test(name) && value !== "");
  const carrying: CallOptions & Carrying = { ...options, [ofClient]: Object.fromEntries(carried) };
  return carrying;
}

/** The headers that were laid into a request. */
export function carriedHeaders(request: ModelRequest & Carrying): Readonly<Record<string, string>> {
  return request[ofClient] ?? {};
}
