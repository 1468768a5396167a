import type { FilePart, Message, OpaquePart, TextPart, ToolResultPart } from "@plugboard/core";

/**
 * The messages that a user's turn is, where a protocol has results of tools and words in one: each run of them is a message of its own,
 * in the same order.
 *
 * @example
 * userMessages([result, text]); // [{ role: "tool", content: [result] }, { role: "user", content: [text] }]
 */
export function userMessages(parts: readonly (TextPart | FilePart | ToolResultPart | OpaquePart)[]): Message[] {
  const messages: Message[] = [];
  let words: (TextPart | FilePart)[] | undefined;
  let results: (ToolResultPart | OpaquePart)[] | undefined;
  for (const part of parts) {
    if (part.type === "text" || part.type === "file") {
      results = undefined;
      if (!words) messages.push({ role: "user", content: (words = []) });
      words.push(part);
    } else {
      words = undefined;
      if (!results) messages.push({ role: "tool", content: (results = []) });
      results.push(part);
    }
  }
  return messages;
}
