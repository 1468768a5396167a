import type { Message, ToolResultPart } from "@plugboard/core";

/** The result of a call, in the messages up to the next turn of the model. `late` if something else stands between. */
export function findResult(
  messages: readonly Message[],
  place: number,
  id: string,
  answered: ReadonlySet<ToolResultPart>,
): { readonly result: ToolResultPart; readonly path: string; readonly late: boolean } | undefined {
  let late = false;
  for (let next = place + 1; next < messages.length; next++) {
    const message = messages[next]!;
    if (message.role === "assistant") return undefined;
    if (message.role !== "tool") {
      late = true;
      continue;
    }
    for (const [index, part] of message.content.entries()) {
      if (part.type !== "tool-result" || part.id !== id || answered.has(part)) continue;
      return { result: part, path: `messages[${next}].content[${index}]`, late };
    }
  }
  return undefined;
}
