import type { Json, Warning } from "@plugboard/core";
import type { Conversation } from "./conversation.ts";
import type { Format, FormatContext, ReadConversation } from "./format.ts";
import { lossesBetween } from "./losses/losses-between.ts";

/** A format as it is written down: what it is lost by writing is found by reading it again. */
export interface FormatParts extends Omit<Format, "read" | "write"> {
  readonly read: (json: Json, context: FormatContext) => ReadConversation | Promise<ReadConversation>;
  readonly write: (
    conversation: Conversation,
    context: FormatContext,
  ) => EncodedConversation | Promise<EncodedConversation>;
}

/** A conversation in the words of a format. */
export interface EncodedConversation {
  readonly json: Json;
  /** Why something is not in it or stands otherwise, for the sentences of losses. */
  readonly warnings?: readonly Warning[];
}

/**
 * Makes a format of how it is read and written. What is lost by writing is told by reading it again and comparing, so a format need
 * tell nothing of it, and cannot forget to.
 *
 * @example
 * const lines = defineFormat({
 *   name: "lines", title: "Lines", holds,
 *   read: (json) => ({ conversation: { messages: [{ role: "user", content: String(json) }] }, losses: [] }),
 *   write: ({ messages }) => ({ json: messages.map(({ content }) => content).join("\n") }),
 * });
 */
export function defineFormat({ read, write, ...parts }: FormatParts): Format {
  return {
    ...parts,
    read: async (json, context = {}) => read(json, context),
    async write(conversation, context = {}) {
      const { json, warnings = [] } = await write(conversation, context);
      const { conversation: after } = await read(json, context);
      return { json, losses: lossesBetween({ before: conversation, after, title: parts.title, warnings }) };
    },
  };
}
