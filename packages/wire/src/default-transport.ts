import type { Transport } from "./transport.ts";
import { fetchTransport } from "./fetch-transport.ts";
import { nodeTransport } from "./node-transport.ts";
import type { WireOptions } from "./wire-options.ts";

/** How requests are sent: as the application says; else by `node:http` in Node, by the global fetch elsewhere. */
export function transportOf({ transport, fetch }: WireOptions): Transport {
  return transport ?? (fetch ? fetchTransport(fetch) : (standard ??= isNode() ? nodeTransport() : fetchTransport()));
}

/** Shared by all that do not bring their own, so that they share the sockets. */
let standard: Transport | undefined;

function isNode(): boolean {
  if (typeof process === "undefined" || process.release?.name !== "node") return false;
  return !("bun" in process.versions) && !("deno" in process.versions) && "getBuiltinModule" in process;
}
