import type { Message, Owned, Tool } from "@plugboard/core";

/**
 * A conversation, whoever had it with whom. Its messages are those of the contract, so `model.generate(conversation)` goes on with it.
 *
 * @example
 * const answer = await model.generate({ ...conversation, messages: [...conversation.messages, { role: "user", content: "And then?" }] });
 */
export interface Conversation extends Owned {
  readonly id?: string;
  readonly title?: string;
  /** Milliseconds since the epoch. */
  readonly created?: number;
  /** The model that it was had with, by whatever name it came. */
  readonly model?: string;
  readonly messages: readonly ConversationMessage[];
  /** The tools that the model was told of. */
  readonly tools?: readonly Tool[];
}

/** A message, and what is told of when and by whom it was said. */
export type ConversationMessage = Message & MessageNotes;

/** What exports tell of a message besides what it says. */
export interface MessageNotes {
  readonly id?: string;
  /** Milliseconds since the epoch. */
  readonly created?: number;
  /** The model that said it. */
  readonly model?: string;
}
