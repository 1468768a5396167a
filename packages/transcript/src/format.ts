import type { Json } from "@plugboard/core";
import type { Conversation } from "./conversation.ts";
import type { FileStore } from "./file-store.ts";

/** Something that a conversation had and its new form has not. */
export interface Loss {
  /** Where it was: `messages[2].content[0]`, `tools[0].description`, `title`; of what could not be read, where it stood in the input. */
  readonly path: string;
  /**
   * What it was: the type of a part (`reasoning`, `file`, `tool-call`), a member of one (`filename`, `providerData.anthropic.signature`),
   * `message` for one that says nothing, `place` for what now stands elsewhere, `boundary` for a message that was joined to the one before.
   */
  readonly what: string;
  /** A sentence for a person. */
  readonly why: string;
}

/** What a reader or a writer may be told besides the conversation. */
export interface FormatContext {
  /** For formats whose form depends on the model: which one it is written for. @default one of the provider's that takes most */
  readonly model?: string;
  /** Where files are kept that a format names by their hash. @default they stand in the line itself */
  readonly files?: FileStore;
}

/** A conversation that was read, and what of the input is not in it. */
export interface ReadConversation {
  readonly conversation: Conversation;
  readonly losses: readonly Loss[];
}

/** A conversation that was written, and what of it is not in the output. */
export interface WrittenConversation {
  readonly json: Json;
  readonly losses: readonly Loss[];
}

/** One form that conversations are kept in. */
export interface Format {
  /** What it is asked for by: `openai-chat`. */
  readonly name: string;
  /** What people call it. */
  readonly title: string;
  /** What it can hold. Nothing reads it to write: it is a promise, which the tests hold the format to. */
  readonly holds: Holds;
  /** A conversation is a list of messages, so a file that is one list is one conversation. @default false */
  readonly isList?: boolean;
  /** @throws {ModelError} `invalid-request` that names the field and what was expected */
  readonly read: (json: Json, context?: FormatContext) => Promise<ReadConversation>;
  /** @throws {ModelError} `invalid-request` for a conversation that says nothing */
  readonly write: (conversation: Conversation, context?: FormatContext) => Promise<WrittenConversation>;
}

/** What a format can hold of a conversation: what is named here comes back from it as it was. */
export interface Holds {
  /** `id`, `title`, `created` and `model` of the conversation. */
  readonly conversation: readonly ("id" | "title" | "created" | "model")[];
  /** `id`, `created` and `model` of each turn: where an answer took several steps, of its first. */
  readonly message: readonly ("id" | "created" | "model")[];
  /** System messages: wherever they stand, as the first ones alone, or none. */
  readonly system: "anywhere" | "first" | "none";
  /** Thoughts of a model: anybody's, those that no other provider signed, those alone that its own provider signed, or none. */
  readonly reasoning: "any" | "unsigned" | "own" | "none";
  /** Calls of tools with their results: with the ids that they had, with others in their place, or none. */
  readonly tools: "ids" | "calls" | "none";
  /** That a result tells of a failure. */
  readonly isError: boolean;
  /** That a result is JSON and not its text. */
  readonly jsonOutput: boolean;
  /** What the model was told of the tools: names, descriptions, schemas. */
  readonly toolDefinitions: boolean;
  /** Files of a user: images by their bytes, images by URL, PDFs by their bytes. */
  readonly files: readonly ("image" | "image-url" | "pdf")[];
  /** Names of files, of which kinds. */
  readonly filenames: readonly ("image" | "image-url" | "pdf")[];
  /** What an answer rests on, as parts of it. */
  readonly sources: boolean;
  /** Citations of the text of an answer. */
  readonly citations: boolean;
  /** Whose `providerData` it keeps on the parts of an answer: signatures and encrypted thoughts, for the way back. */
  readonly owners: "all" | readonly string[];
}
