import { createHash } from "node:crypto";
import type { Message } from "@plugboard/core";
import { partsOf } from "../parts-of.ts";
import { sortedJson } from "../sorted-json.ts";

/** How a conversation begins, up to the first question: calls of one conversation have it in common. */
export function beginningOf(messages: readonly Message[]): string {
  const first = messages.findIndex(({ role }) => role === "user");
  return said(messages.slice(0, first + 1));
}

/** What messages say, whatever the case and the white space. */
export function said(messages: readonly Message[]): string {
  return messages
    .map(({ role, content }) => {
      const parts = partsOf(content).map((part) => {
        if (part.type === "text" || part.type === "reasoning")
          return part.text.toLowerCase().replaceAll(/\s+/g, " ").trim();
        if (part.type === "file") return part.data instanceof URL ? part.data.href : digest(part.data);
        const { providerData: _, ...rest } = part as typeof part & { readonly id?: string };
        return sortedJson({ ...rest, id: undefined, raw: undefined });
      });
      return `${role} ${parts.join(" ")}`;
    })
    .join("\n");
}

/** A short name of what may be long. */
export function digest(value: string | Uint8Array): string {
  return createHash("sha256").update(value).digest("base64url");
}
