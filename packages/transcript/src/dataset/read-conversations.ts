import { ModelError } from "@plugboard/core";
import type { Conversation } from "../conversation.ts";
import type { Format, FormatContext } from "../format.ts";
import type { ConversionProblem } from "../stream/convert-stream.ts";
import { problemOf } from "../stream/problem-of.ts";
import { readItems } from "../stream/read-items.ts";
import type { Item, ReadItemsOptions } from "../stream/read-items.ts";

/** How a file of conversations is read. */
export interface ReadConversationsOptions extends FormatContext, ReadItemsOptions {
  readonly from: Format;
  /** Told of values that are no conversations. @default they are an error */
  readonly onProblem?: (problem: ConversionProblem) => void | Promise<void>;
  /** Told of each value before its conversation is given. */
  readonly onItem?: (at: Pick<Item, "line" | "item">) => void;
}

/**
 * The conversations of a file, one after the other.
 *
 * @throws {ModelError} `invalid-request` for a value that is no conversation, with its line; unless `onProblem` is given
 * @example
 * const conversations = readConversations(createReadStream("calls.jsonl"), { from: callLines });
 */
export async function* readConversations(
  bytes: AsyncIterable<Uint8Array>,
  { from, onProblem, onItem, framing, longest, ...context }: ReadConversationsOptions,
): AsyncGenerator<Conversation, void, undefined> {
  for await (const { line, item, value } of readItems(bytes, { framing, ...(longest !== undefined && { longest }) })) {
    onItem?.({ line, item });
    try {
      if ("fault" in value) throw new ModelError(value.fault, { code: "invalid-request" });
      const { conversation } = await from.read(value.json, context);
      yield conversation;
    } catch (error) {
      if (!(error instanceof ModelError)) throw error;
      if (!onProblem) throw new ModelError(`Line ${line}: ${error.message}`, { code: error.code, cause: error });
      await onProblem(problemOf(error, { line, item, value }));
    }
  }
}
