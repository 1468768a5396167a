import type { Json, JsonObject, Message, ModelRequest } from "@plugboard/core";

/** What may be in the place of a URL: a scheme, and two slashes. */
const looksLikeURL = /^\s*[a-z][a-z\d+.-]*:\/\//i;

/**
 * The URLs in a request that somebody behind us may fetch: of files in messages and in results of tools, and those in the options of
 * providers, of their tools, and in items that we have no word for.
 */
export function fileURLsOf(request: ModelRequest): readonly string[] {
  const found: string[] = [];
  for (const message of request.messages) inMessage(message, found);
  for (const tool of request.tools ?? []) if (tool.type === "provider" && tool.options) inJson(tool.options, found);
  if (request.providerOptions) inJson(request.providerOptions as JsonObject, found);
  return found;
}

function inMessage({ content }: Message, found: string[]): void {
  if (typeof content === "string") return;
  for (const part of content) {
    if (part.type === "file") {
      if (part.data instanceof URL) found.push(part.data.href);
    } else if (part.type === "opaque") inJson(part.providerData as JsonObject, found);
    else if (part.type === "tool-result" && typeof part.output !== "string") {
      for (const piece of part.output) {
        if (piece.type === "file" && piece.data instanceof URL) found.push(piece.data.href);
      }
    }
  }
}

/** In texts that are a URL, and nothing else. */
function inJson(root: Json, found: string[]): void {
  const open: Json[] = [root];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (typeof value === "string") {
      if (looksLikeURL.test(value)) found.push(value.trim());
    } else if (typeof value === "object" && value !== null) open.push(...(Object.values(value) as Json[]));
  }
}
