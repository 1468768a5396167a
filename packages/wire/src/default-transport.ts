import type { Transport } from "./transport.ts";
import { fetchTransport } from "./fetch-transport.ts";

const globalFetch = fetchTransport();

/** How requests are sent when the application does not say: by its own fetch if it gave one, else by the global one. */
export function defaultTransport(fetch?: typeof globalThis.fetch): Transport {
  return fetch ? fetchTransport(fetch) : globalFetch;
}
