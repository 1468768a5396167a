import type { Json, Warning } from "@plugboard/core";
import type { Conversation } from "./conversation.ts";
import type { Format, FormatContext, Loss, ReadConversation } from "./format.ts";
import { conversationText } from "./losses/conversation-text.ts";
import { pathIn, pathText, valueAt } from "./losses/json-path.ts";
import type { JsonPath } from "./losses/json-path.ts";
import { lossesBetween } from "./losses/losses-between.ts";
import { readKnown } from "./losses/read-known.ts";
import { unreadPaths } from "./losses/unread-paths.ts";

/** A format as it is written down: what is lost by writing is found by reading it again. */
export interface FormatParts extends Omit<Format, "read" | "write"> {
  /** @throws {ModelError} `invalid-request` that names the field and what was expected */
  readonly read: (json: Json, context: FormatContext) => ReadConversation | Promise<ReadConversation>;
  /** What it loses need not be told, but for the reason. */
  readonly write: (
    conversation: Conversation,
    context: FormatContext,
  ) => EncodedConversation | Promise<EncodedConversation>;
  /** The member that what was said stands in, item by item; none where the value may be the list alone. */
  readonly list?: string;
  /** The reader tells all that it makes nothing of by itself, so it is not looked for. @default false */
  readonly tellsAll?: boolean;
  /** Whether a piece of a list that was refused is of a kind that the format did not have yet. @default one whose `type` was refused */
  readonly isUnknown?: (piece: Json, refused: string | number) => boolean;
}

/** A conversation in the words of a format. */
export interface EncodedConversation {
  readonly json: Json;
  /** Why something is not in it or stands otherwise, for the sentences of losses. */
  readonly warnings?: readonly Warning[];
}

/**
 * Makes a format of how it is read and written. What is lost by writing is told by reading it again and comparing, and what the reader
 * makes nothing of by taking it away and seeing that nothing changes; so a format need tell nothing of either, and cannot forget to.
 *
 * @example
 * const lines = defineFormat({
 *   name: "lines", title: "Lines", holds,
 *   read: (json) => ({ conversation: { messages: [{ role: "user", content: String(json) }] }, losses: [] }),
 *   write: ({ messages }) => ({ json: messages.map(({ content }) => content).join("\n") }),
 * });
 */
export function defineFormat({ read, write, list, tellsAll, isUnknown = refusedType, ...parts }: FormatParts): Format {
  const { title } = parts;

  async function readWhole(json: Json, context: FormatContext): Promise<ReadConversation> {
    const { conversation, losses } = await readKnown(json, {
      title,
      list,
      isUnknown,
      read: async (value) => read(value, context),
    });
    if (tellsAll) return { conversation, losses };
    const toldPaths = losses.map(({ path }) => pathIn(json, path)).filter((path) => path !== undefined);
    const unread = await unreadPaths({
      json,
      list,
      read: async (value) =>
        conversationText(
          (await readKnown(value, { title, list, isUnknown, read: async (each) => read(each, context) })).conversation,
        ),
      again: await rewritten(conversation, context),
      told: (path) => toldPaths.some((start) => start.every((name, place) => path[place] === name)),
    });
    return { conversation, losses: [...losses, ...unread.map((path) => unreadLoss(json, path))] };
  }

  /** Nothing where it cannot be written again: then more is looked at. */
  async function rewritten(conversation: Conversation, context: FormatContext): Promise<Json | undefined> {
    try {
      return (await write(conversation, context)).json;
    } catch {
      return undefined;
    }
  }

  function unreadLoss(json: Json, path: JsonPath): Loss {
    const name = path.at(-1);
    const type = valueAt(json, [...path, "type"]);
    return {
      path: pathText(path, list),
      what: typeof name === "string" ? name : typeof type === "string" ? type : "item",
      why: `A conversation has no place for it, or ${title} says it elsewhere.`,
    };
  }

  return {
    ...parts,
    read: async (json, context = {}) => readWhole(json, context),
    async write(conversation, context = {}) {
      const { json, warnings = [] } = await write(conversation, context);
      const { conversation: after } = await read(json, context);
      return { json, losses: lossesBetween({ before: conversation, after, title, warnings }) };
    },
  };
}

/** It has a type that is none, or one of another kind than what is missing in it. */
function refusedType(piece: Json, refused: string | number): boolean {
  const type = valueAt(piece, ["type"]);
  if (typeof type !== "string") return false;
  return refused === "type" || (refused === "text" && !type.includes("text") && valueAt(piece, ["text"]) === undefined);
}
