import type { ModelKey, Prompt, TokenCount } from "@plugboard/core";
import { countText, encodingOf } from "./encoding.ts";
import { familyOf } from "./families.ts";
import { imageTokens } from "./image-tokens.ts";
import { piecesOf } from "./prompt-pieces.ts";

/**
 * How many input tokens a prompt is: a `TokenCounter` for budgets, limits and routing.
 *
 * `exact` for plain conversations with OpenAI's chat models, `upper` where images come on top (at their dearest), otherwise an estimate
 * with its relative error, which holds the unknown overhead too and so is large for short prompts. The encodings are loaded at the
 * first call.
 *
 * @throws {ModelError} `unsupported` for files whose cost nobody documents
 * @example
 * const { tokens, bound } = await countTokens({ messages: [{ role: "user", content: "Hi" }] }, { provider: "openai", id: "gpt-4o" });
 */
export async function countTokens(prompt: Prompt, model: ModelKey): Promise<TokenCount> {
  const family = familyOf(model);
  const { texts, declarations, files, messages, called } = piecesOf(prompt);
  let images = 0;
  for (const file of files) images += imageTokens(file, model);

  const encoding = await encodingOf(family.encoding);
  let words = 0;
  for (const text of texts) words += countText(encoding, text);
  for (const text of declarations) words += countText(encoding, text);

  const declares = declarations.length > 0;
  const overhead = family.message * messages + family.prompt + (declares ? family.tools : 0);
  const tokens = Math.ceil(words * family.factor) + overhead;
  const error = family.error + (declares || called ? family.toolSlack : family.slack) / tokens;
  if (error > 0) return { tokens: tokens + images, bound: { error } };
  return { tokens: tokens + images, bound: images > 0 ? "upper" : "exact" };
}
