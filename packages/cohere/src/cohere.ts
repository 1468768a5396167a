import type { ProviderModel } from "@plugboard/core";
import type { ApiKey, WireOptions } from "@plugboard/wire";
import { chatModel } from "./chat/model.ts";

/** What a model of Cohere can be given. */
export interface CohereOptions extends WireOptions {
  /**
   * A key, or how to get one; asked at every call.
   *
   * @default the environment variable `COHERE_API_KEY`, or else `CO_API_KEY`
   */
  readonly apiKey?: ApiKey;
  /** Without `/v2`. @default "https://api.cohere.com" */
  readonly baseURL?: string | URL;
  /** The catalogue's name for the model, where its id is not one: prices and limits are looked up by it. */
  readonly catalogId?: string;
}

/**
 * A model of Cohere's, asked through its chat API, version 2.
 *
 * A call throws `auth` before anything is sent when there is no key, and `unsupported` for what Cohere cannot do: a `suffix`, a file
 * that is neither an image nor text.
 *
 * @param id - as Cohere names it: `command-a-03-2025`
 * @throws {ModelError} `invalid-request` for a base URL that is none
 * @example
 * const model = cohere("command-a-03-2025");
 * const { content } = await model.generate("Why is the sky blue?");
 */
export function cohere(id: string, options: CohereOptions = {}): ProviderModel {
  return chatModel(id, options);
}
