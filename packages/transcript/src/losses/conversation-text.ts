import type { Conversation } from "../conversation.ts";
import { sha256 } from "../sha256.ts";

/** A conversation as a text that only the same one has. */
export function conversationText(conversation: Conversation): string {
  return JSON.stringify(conversation, (_name, value: unknown) => (value instanceof Uint8Array ? sha256(value) : value));
}
