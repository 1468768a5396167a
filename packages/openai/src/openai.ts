import type { ProviderModel } from "@plugboard/core";
import { compatible } from "./compatible/compatible.ts";
import { withAccount } from "./openai-account.ts";
import type { OpenAIOptions } from "./openai-account.ts";
import { openaiDialect } from "./openai-dialect.ts";

/**
 * A model of OpenAI, asked through chat completions.
 *
 * @param id - such as `gpt-4o`
 * @throws {ModelError} `invalid-request` for a base URL that is none; at the call, `auth` when there is no key
 * @example
 * const answer = await openai("gpt-4o").generate("Why is the sky blue?");
 */
export function openai(id: string, options: OpenAIOptions = {}): ProviderModel {
  return compatible(openaiDialect)(id, withAccount(options));
}
