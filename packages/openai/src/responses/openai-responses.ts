import type { CountingModel } from "@plugboard/core";
import { withCounting } from "@plugboard/wire";
import { openaiModels } from "../openai-models.ts";
import { withAccount } from "../openai-account.ts";
import type { OpenAIOptions } from "../openai-account.ts";
import type { ResponsesDialect } from "./dialect.ts";
import { prepareCount } from "./count-input.ts";
import { responsesModel } from "./model.ts";
import { responsesParts } from "./responses-factory.ts";

/** OpenAI itself. Files: https://developers.openai.com/api/docs/guides/file-inputs, November 2026. */
export const openaiResponsesDialect: ResponsesDialect = {
  provider: "openai",
  baseURL: "https://api.openai.com/v1",
  keyVariable: "OPENAI_API_KEY",
  strict: true,
  leastOutput: 16,
  fileURLs: true,
  files: [
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "application/pdf",
    "text/*",
    "application/json",
    "application/rtf",
    "application/msword",
    "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint",
    "application/vnd.oasis.opendocument.text",
    "application/vnd.openxmlformats-officedocument.*",
  ],
  models: openaiModels,
};

/**
 * A model of OpenAI, asked through the responses protocol: its reasoning models think on where they were, and it runs tools of its own.
 *
 * Nothing is kept at OpenAI. The thoughts of an answer come encrypted in its content, and go back with it.
 *
 * @param id - such as `gpt-5.2`
 * @throws {ModelError} `invalid-request` for a base URL that is none; at the call, `auth` when there is no key
 * @example
 * const model = openaiResponses("gpt-5.2");
 * const answer = await model.generate({
 *   messages: [{ role: "user", content: "What happened today?" }],
 *   tools: [{ type: "provider", id: "openai.web_search" }],
 * });
 * const { tokens } = await model.countTokens("What happened today?"); // asked of OpenAI, which counts tools and files too
 */
export function openaiResponses(id: string, options: OpenAIOptions = {}): CountingModel {
  const parts = responsesParts(openaiResponsesDialect, id, withAccount(options));
  return withCounting(responsesModel(parts), prepareCount(parts));
}
