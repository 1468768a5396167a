import type { Model } from "@plugboard/core";
import { compatible } from "./compatible/compatible.ts";
import type { ChatOptions } from "./compatible/compatible.ts";
import { openaiDialect } from "./openai-dialect.ts";

/** What a model of OpenAI can be given. */
export interface OpenAIOptions extends ChatOptions {
  /** The organization that is billed, where a key belongs to several. */
  readonly organization?: string;
  /** The project that is billed. */
  readonly project?: string;
}

/**
 * A model of OpenAI, asked through chat completions.
 *
 * @param id - such as `gpt-4o`
 * @throws {ModelError} `invalid-request` for a base URL that is none; at the call, `auth` when there is no key
 * @example
 * const answer = await openai("gpt-4o").generate("Why is the sky blue?");
 */
export function openai(id: string, options: OpenAIOptions = {}): Model {
  const { organization, project, ...rest } = options;
  const headers = {
    ...(organization !== undefined && { "openai-organization": organization }),
    ...(project !== undefined && { "openai-project": project }),
    ...rest.headers,
  };
  return compatible(openaiDialect)(id, { ...rest, headers });
}
