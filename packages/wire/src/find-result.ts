import type { Message, ToolResultPart } from "@plugboard/core";

/** A result, and where it stood. */
export interface FoundResult {
  readonly result: ToolResultPart;
  /** `messages[3].content[0]` */
  readonly path: string;
  /** Something else stands between the call and its result. */
  readonly late: boolean;
}

/**
 * The result of a call, for providers that want every call answered right after the turn that made it: in the messages up to the next
 * turn of the model.
 *
 * @param place - of the message that made the call
 * @param answered - results that answer another call
 * @example
 * const found = findResult(messages, 1, "call_1", answered); // of the call in messages[1]
 * if (found) answered.add(found.result);
 */
export function findResult(
  messages: readonly Message[],
  place: number,
  id: string,
  answered: ReadonlySet<ToolResultPart>,
): FoundResult | undefined {
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
