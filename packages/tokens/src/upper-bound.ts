import type { ModelKey, Prompt, TokenCount } from "@plugboard/core";
import { imageTokens } from "./image-tokens.ts";
import { piecesOf } from "./prompt-pieces.ts";

/** More than any template that was measured puts around a message. */
const perMessage = 16;

/** More than a provider was seen to put before a prompt of its own: a date, a system text. */
const perPrompt = 512;

/** More than a provider was seen to put before tools or a schema (Claude, Nova: up to 1,000), besides the tools themselves. */
const perDeclarations = 1_024;

const encoder = new TextEncoder();

/**
 * At most how many input tokens a prompt is, without any table: the UTF-8 bytes of all that is sent and the overhead around it. No
 * token of a byte-level tokenizer is less than a byte, so text can never be more. It is a worst case to reserve a budget by, about
 * four times the true count of English.
 *
 * It does not know of what a provider adds by itself: searches, retrieved documents, hidden instructions longer than those measured.
 *
 * @throws {ModelError} `unsupported` for files whose cost nobody documents
 * @example
 * upperBound({ messages: [{ role: "user", content: "Hi" }] }, { provider: "openai", id: "gpt-4o" });
 */
export function upperBound(prompt: Prompt, model: ModelKey): TokenCount {
  const { texts, declarations, thoughts, files, messages } = piecesOf(prompt);
  let tokens = perPrompt + perMessage * messages + (declarations.length > 0 ? perDeclarations : 0);
  for (const list of [texts, declarations, thoughts]) for (const text of list) tokens += bytesOf(text);
  for (const file of files) tokens += imageTokens(file, model);
  return { tokens, bound: "upper" };
}

function bytesOf(text: string): number {
  return encoder.encode(text).length;
}
