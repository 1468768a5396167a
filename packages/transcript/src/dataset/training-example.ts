import type { AssistantMessage } from "@plugboard/core";
import type { Conversation } from "../conversation.ts";

/** What a model is to learn: to say what is said in a conversation, or to prefer one answer to it over another. */
export type TrainingExample = Conversation | PreferencePair;

/** A question with two answers, of which one is better. */
export interface PreferencePair {
  /** What both answer: it ends with a user or with the results of tools. */
  readonly prompt: Conversation;
  readonly chosen: AssistantMessage;
  readonly rejected: AssistantMessage;
}

/** Tells the two kinds apart. */
export function isPair(example: TrainingExample): example is PreferencePair {
  return "prompt" in example;
}
