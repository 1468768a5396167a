import type { CountingModel } from "@plugboard/core";
import type { ApiKey, WireOptions } from "@plugboard/wire";
import { geminiDialect } from "./generate-content/dialect.ts";
import { generateContentModel } from "./generate-content/model.ts";

/** What a model on the Gemini API can be given. */
export interface GoogleOptions extends WireOptions {
  /**
   * A key, or how to get one; asked at every call.
   *
   * @default the first of the environment variables `GEMINI_API_KEY`, `GOOGLE_API_KEY` and `GOOGLE_GENERATIVE_AI_API_KEY` that is set
   */
  readonly apiKey?: ApiKey;
  /** With the version of the API. @default "https://generativelanguage.googleapis.com/v1beta" */
  readonly baseURL?: string | URL;
}

/**
 * A model on the Gemini API.
 *
 * A call throws `auth` before anything is sent when there is no key, and `unsupported` for what Gemini cannot do: a `suffix`, a file
 * of an unknown type.
 *
 * @param id - as Google names it: `gemini-3.5-flash`
 * @throws {ModelError} `invalid-request` for a base URL that is none
 * @example
 * const model = google("gemini-3.5-flash");
 * const { content } = await model.generate("Why is the sky blue?");
 */
export function google(id: string, options: GoogleOptions = {}): CountingModel {
  const { apiKey, baseURL, ...wire } = options;
  return generateContentModel({ id, dialect: geminiDialect, key: apiKey, baseURL, wire });
}
