import type { Json } from "@plugboard/core";
import type { Conversation } from "./conversation.ts";
import type { Format, FormatContext, Loss } from "./format.ts";

/** From what to what. */
export interface ConvertOptions extends FormatContext {
  readonly from: Format;
  readonly to: Format;
}

/** A conversation in another form. */
export interface Converted {
  /** JSON of the new form. */
  readonly result: Json;
  /** The conversation as it was read: what the new form cannot hold is still in it. */
  readonly conversation: Conversation;
  /** What of the input is not in the result, piece by piece; none where all of it is. */
  readonly losses: readonly ConversionLoss[];
}

/** What was lost, and on which of the two ways: then `path` is one in the input, or one in the conversation. */
export interface ConversionLoss extends Loss {
  readonly by: "reading" | "writing";
}

/**
 * Writes a conversation in another form, and tells exactly what that cannot hold.
 *
 * The losses of writing are found by reading the result again and comparing, so what is not told is there. What a form has no place for
 * at one provider may have one at the next: keep the `conversation`, or our own lines, to go back from.
 *
 * @throws {ModelError} `invalid-request` for input that is not what its format says, naming the field and what was expected
 * @example
 * const { result, losses } = await convert(JSON.parse(body), { from: openaiChat, to: anthropicMessages });
 * for (const { path, what, why } of losses) console.warn(`${path}: ${what} is lost. ${why}`);
 */
export async function convert(input: Json, { from, to, ...context }: ConvertOptions): Promise<Converted> {
  const { conversation, losses: unread } = await from.read(input, context);
  const { json, losses: unwritten } = await to.write(conversation, context);
  return {
    result: json,
    conversation,
    losses: [
      ...unread.map((loss): ConversionLoss => Object.assign({ by: "reading" as const }, loss)),
      ...unwritten.map((loss): ConversionLoss => Object.assign({ by: "writing" as const }, loss)),
    ],
  };
}
