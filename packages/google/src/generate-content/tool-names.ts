import type { Tool } from "@plugboard/core";
import type { LegalNames } from "@plugboard/wire";
import { legalNames } from "@plugboard/wire";

const longest = 64;

/** Tool names as Google takes them (a letter or `_`, then letters, digits, `_`, `.` and `-`, 64 in all), and back. */
export function toolNames(tools: readonly Tool[] = []): LegalNames {
  const names = tools.flatMap((tool) => (tool.type === "provider" ? [] : tool.name));
  return legalNames(names, { legal: legalName, longest });
}

function legalName(name: string): string {
  const legal = name.replaceAll(/[^a-zA-Z0-9_.-]/g, "_");
  return (/^[a-zA-Z_]/.test(legal) ? legal : `_${legal}`).slice(0, longest);
}
