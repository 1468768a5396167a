import { ModelError } from "@plugboard/core";
import { keyPattern } from "../rewrite/key-pattern.ts";
import { escape, textFinder } from "../rewrite/text-rule.ts";
import type { TextFinder } from "../rewrite/text-rule.ts";

const email = /(?<![\w.%+-])[\w.%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}(?![\w-])/;

/** What is looked for, and what its tokens are called. */
export interface Kind {
  readonly kind: string;
  readonly finder: TextFinder;
}

/** What is looked for besides names. */
export interface KindOptions {
  readonly emails: boolean;
  readonly keys: boolean;
  readonly patterns: Readonly<Record<string, RegExp>>;
}

/** @throws {ModelError} `invalid-request` for the name of a pattern that is not in capital letters */
export function kindsOf({ emails, keys, patterns }: KindOptions): Kind[] {
  const kinds: Kind[] = [];
  // Keys first: an address or a name may be part of one.
  if (keys) kinds.push({ kind: "KEY", finder: textFinder(keyPattern, "keys") });
  for (const [kind, find] of Object.entries(patterns)) {
    if (!/^[A-Z][A-Z0-9]{0,30}$/.test(kind)) {
      const message = `\`patterns\` must be named in capital letters and digits, such as PHONE; "${kind}" is not.`;
      throw new ModelError(message, { code: "invalid-request" });
    }
    kinds.push({ kind, finder: textFinder({ find }, `patterns.${kind}`) });
  }
  if (emails) kinds.push({ kind: "EMAIL", finder: textFinder({ find: email }, "emails") });
  return kinds;
}

/** Names as whole words, in whatever case; `undefined` where there are none. */
export function kindOfNames(names: readonly string[]): Kind | undefined {
  const given = names.filter((name) => name.trim() !== "");
  if (given.length === 0) return undefined;
  // Of names that begin alike, the longest is meant.
  const sorted = given.toSorted((a, b) => b.length - a.length);
  const find = new RegExp(`(?<![\\p{L}\\p{N}_])(?:${sorted.map(escape).join("|")})(?![\\p{L}\\p{N}_])`, "iu");
  return { kind: "NAME", finder: textFinder({ find }, "names") };
}
