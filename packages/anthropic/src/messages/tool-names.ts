import type { Tool } from "@plugboard/core";

/** Tool names as Anthropic takes them (`^[a-zA-Z0-9_-]{1,128}$`), and back. */
export interface ToolNames {
  readonly toWire: (name: string) => string;
  readonly toOurs: (wireName: string) => string;
}

const longest = 128;

/** Names that are legal stay as they are; the others get the nearest legal one that is free, the same one throughout a request. */
export function toolNames(tools: readonly Tool[] = []): ToolNames {
  const wire = new Map<string, string>();
  const ours = new Map<string, string>();

  function pair(name: string, wireName: string): string {
    wire.set(name, wireName);
    if (!ours.has(wireName)) ours.set(wireName, name);
    return wireName;
  }

  for (const tool of tools) {
    if (tool.type === "provider") {
      const fixed = wireNameOf(tool.id);
      pair(tool.name ?? fixed, fixed);
      if (tool.name === undefined) wire.set(tool.id, fixed);
    } else if (legalName(tool.name) === tool.name) pair(tool.name, tool.name);
  }

  return {
    toWire(name) {
      const known = wire.get(name);
      if (known !== undefined) return known;
      const wanted = legalName(name);
      let free = wanted;
      for (let number = 2; ours.has(free); number++) free = `${wanted.slice(0, longest - 4)}_${number}`;
      return pair(name, free);
    },
    toOurs(wireName) {
      return ours.get(wireName) ?? wireName;
    },
  };
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
