import type { AssistantPart, Message } from "@plugboard/core";

/** What a message says, part by part. */
export function partsOf(
  content: Message["content"],
): readonly (AssistantPart | (Message & { role: "tool" })["content"][number])[] {
  return typeof content === "string" ? [{ type: "text", text: content }] : content;
}
