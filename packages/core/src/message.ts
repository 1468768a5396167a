import type { AssistantPart, FilePart, OpaquePart, Owned, TextPart, ToolResultPart } from "./part.ts";

/** Rules that stand above the conversation. */
export interface SystemMessage extends Owned {
  readonly role: "system";
  readonly content: string;
}

/** What the user says. */
export interface UserMessage extends Owned {
  readonly role: "user";
  readonly content: string | readonly (TextPart | FilePart)[];
}

/** What a model answered; `content` of a `ModelResult` can be put here as it is. */
export interface AssistantMessage extends Owned {
  readonly role: "assistant";
  readonly content: string | readonly AssistantPart[];
}

/** The results of the tools that the message before asked for. */
export interface ToolMessage extends Owned {
  readonly role: "tool";
  readonly content: readonly (ToolResultPart | OpaquePart)[];
}

/** One turn of a conversation. */
export type Message = SystemMessage | UserMessage | AssistantMessage | ToolMessage;
