import type { Message, ToolCallPart, ToolResultPart, Warning } from "@plugboard/core";

/** A result, and where it stood. */
export interface TakenResult {
  readonly result: ToolResultPart;
  /** `messages[3].content[0]` */
  readonly path: string;
}

/** Where a call stands, and what has answered calls before it. */
export interface CallPlace {
  readonly messages: readonly Message[];
  /** Of the message that made the call. */
  readonly place: number;
  /** The result that is taken is added. */
  readonly answered: Set<ToolResultPart>;
}

/**
 * The result of a call, for providers that want every call answered right after the turn that made it: it is looked for up to the next
 * turn of the model, and taken by one call alone. Where there is none, or it comes late, a warning says what is sent instead.
 *
 * @example
 * const taken = takeResult(call, { messages, place: 1, answered }, (warning) => warnings.push(warning)); // of a call in messages[1]
 * written.push({ role: "tool", content: taken ? write(taken.result) : noResult });
 */
export function takeResult(
  { id, name }: Pick<ToolCallPart, "id" | "name">,
  { messages, place, answered }: CallPlace,
  warn: (warning: Warning) => void,
): TakenResult | undefined {
  let late = false;
  for (let next = place + 1; next < messages.length; next++) {
    const message = messages[next]!;
    if (message.role === "assistant") break;
    if (message.role !== "tool") {
      late = true;
      continue;
    }
    for (const [index, part] of message.content.entries()) {
      if (part.type !== "tool-result" || part.id !== id || answered.has(part)) continue;
      answered.add(part);
      const path = `messages[${next}].content[${index}]`;
      if (late) warn({ code: "adapted", path, message: "The result was moved to right after its call." });
      return { result: part, path };
    }
  }
  const message = `The call of ${name} has no result; it is answered with an error.`;
  warn({ code: "adapted", path: `messages[${place}]`, message });
  return undefined;
}

/** What a call is answered with that has no result. */
export const noResult = "Error: the tool gave no result.";
