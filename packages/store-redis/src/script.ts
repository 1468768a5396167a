import { createHash } from "node:crypto";

/** One verb of a store, in Lua. */
export interface Script {
  /** What errors call it: `ledger.reserve`. */
  readonly name: string;
  readonly source: string;
  /** The name by which a server that has seen it knows it; another version has another. */
  readonly sha1: string;
}

/** A verb, made of what several have in common and its own lines. */
export function defineScript(name: string, ...parts: readonly string[]): Script {
  const source = [`-- plugboard ${name}`, ...parts.map((part) => part.trim())].join("\n");
  return { name, source, sha1: createHash("sha1").update(source).digest("hex") };
}
