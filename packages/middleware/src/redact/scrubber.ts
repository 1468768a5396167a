import { filterText } from "../rewrite/text-filter.ts";
import { kindOfNames, kindsOf } from "./kinds.ts";
import type { RedactOptions } from "./redact.ts";

/** What is taken out of a text. */
export interface ScrubOptions extends Pick<RedactOptions, "emails" | "keys" | "patterns"> {
  /** Names of people, companies, projects, as whole words in whatever case. @default none */
  readonly names?: readonly string[];
}

/**
 * Makes what takes names, e-mail addresses and keys out of a text for good: `<EMAIL>` stands in their place. For logs and data sets, where
 * nobody is to have them back; `redact` is for calls.
 *
 * @throws {ModelError} `invalid-request` for the name of a pattern that is not in capital letters
 * @example
 * const scrub = scrubber({ patterns: { PHONE: /\+\d{6,14}/ } });
 * scrub("Write to ada@example.com"); // "Write to <EMAIL>"
 */
export function scrubber({ names = [], emails = true, keys = true, patterns = {} }: ScrubOptions = {}): (
  text: string,
) => string {
  const ofNames = kindOfNames(names);
  const kinds = [...kindsOf({ emails, keys, patterns }), ...(ofNames ? [ofNames] : [])];
  const rules = kinds.map(({ kind, finder }) => Object.assign({ replace: () => `<${kind}>` }, finder));
  return (text) => filterText(text, rules);
}
