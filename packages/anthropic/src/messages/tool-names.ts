import type { Tool } from "@plugboard/core";
import type { LegalNames } from "@plugboard/wire";
import { legalNames } from "@plugboard/wire";

const longest = 128;

/** Tool names as Anthropic takes them (`^[a-zA-Z0-9_-]{1,128}$`), and back. */
export function toolNames(tools: readonly Tool[] = []): LegalNames {
  const settled: (readonly [string, string])[] = [];
  const names: string[] = [];
  for (const tool of tools) {
    if (tool.type !== "provider") names.push(tool.name);
    else {
      const fixed = wireNameOf(tool.id);
      settled.push([tool.name ?? fixed, fixed]);
      if (tool.name === undefined) settled.push([tool.id, fixed]);
    }
  }
  return legalNames(names, { legal: legalName, longest, settled });
}

// The tools of Anthropic whose name is not that of their type without the date.
const fixedNames: Readonly<Record<string, string>> = {
  text_editor_20250124: "str_replace_editor",
  text_editor_20250429: "str_replace_based_edit_tool",
  text_editor_20250728: "str_replace_based_edit_tool",
};

/** The name that Anthropic wants for a tool of its own: that of `anthropic.web_search_20260318` is `web_search`. */
export function wireNameOf(id: string): string {
  const type = id.slice(id.indexOf(".") + 1);
  return fixedNames[type] ?? type.replace(/_\d{8}$/, "");
}

function legalName(name: string): string {
  return name.replace(/[^a-zA-Z0-9_-]/g, "_").slice(0, longest) || "_";
}
