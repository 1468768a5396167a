import type { Json, ModelResult } from "@plugboard/core";
import type { StreamDecoder } from "@plugboard/wire";
import type { AnswerStart, Decoding } from "../chat-completions/answer-reader.ts";
import type { WireChoice, WireDelta } from "../chat-completions/chunk.ts";
import { chatStreamDecoder, decodeChat } from "../chat-completions/decode.ts";

/**
 * A choice says its text in `text`, where a chat's has a message around it: all else of an answer is the same. Mistral answers here as
 * it does in chat.
 */
function saidBy({ text, delta, message }: WireChoice): WireDelta | null | undefined {
  return typeof text === "string" ? { content: text } : (delta ?? message);
}

/** Reads a stream of chunks. */
export function completionStreamDecoder(decoding: Decoding, start: AnswerStart): StreamDecoder {
  return chatStreamDecoder(decoding, start, saidBy);
}

/**
 * Reads an answer in one body.
 *
 * @throws {ModelError} an error sent with status 200; `parse` when there is no answer in it
 */
export function decodeCompletion(body: Json, decoding: Decoding, start: AnswerStart): ModelResult {
  return decodeChat(body, decoding, start, saidBy);
}
