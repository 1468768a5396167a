import type * as Dns from "node:dns/promises";
import type { Resolve } from "./check-file-urls.ts";

/** Name look-up as Node does it; `undefined` on runtimes that have none. */
export function nodeResolve(): Resolve | undefined {
  const dns = globalThis.process?.getBuiltinModule?.("node:dns/promises") as typeof Dns | undefined;
  if (typeof dns?.lookup !== "function") return undefined;
  return async (hostname) => {
    const found = await dns.lookup(hostname, { all: true });
    return found.map(({ address }) => address);
  };
}
