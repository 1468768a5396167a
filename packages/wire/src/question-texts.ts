import type { CallOptions, Message } from "@plugboard/core";

/** Shorter ones occur in any sentence: taking those out would leave nothing to read. */
const shortest = 16;

/**
 * What was asked, line by line, for providers that repeat it in what they say of a failure: a server that validates by a schema does.
 * Of requests that are no chat there is none.
 */
export function questionTexts(request: CallOptions): string[] {
  if (!("messages" in request)) return [];
  return (request.messages as readonly Message[])
    .flatMap(textsOf)
    .flatMap((text) => text.split("\n"))
    .map((line) => line.trim())
    .filter((line) => line.length >= shortest);
}

function textsOf({ content }: Message): string[] {
  if (typeof content === "string") return [content];
  return content.flatMap((part) => {
    if (part.type === "text" || part.type === "reasoning") return [part.text];
    return part.type === "tool-result" && typeof part.output === "string" ? [part.output] : [];
  });
}
