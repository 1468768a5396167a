import { legalNames } from "@plugboard/wire";
import type { LegalNames, NameRules } from "@plugboard/wire";

const longest = 64;
const rules: NameRules = {
  legal: (name) => name.replace(/[^a-zA-Z0-9_-]/g, "_").slice(0, longest) || "tool",
  longest,
};

/** Names that the protocols take, for tools that have others. */
export function toolNames(names: readonly string[]): LegalNames {
  return legalNames(names, rules);
}
