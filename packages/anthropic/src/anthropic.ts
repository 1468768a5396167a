import type { CountingModel } from "@plugboard/core";
import type { ApiKey, WireOptions } from "@plugboard/wire";
import type { AnthropicVersion } from "./messages/dialect.ts";
import { checkBaseURL, keyFrom } from "@plugboard/wire";
import { anthropicDialect } from "./messages/dialect.ts";
import { messagesModel } from "./messages/model.ts";

/** What a model of Anthropic can be given. */
export interface AnthropicOptions extends WireOptions {
  /** A key, or how to get one; asked at every call. @default the environment variable `ANTHROPIC_API_KEY` */
  readonly apiKey?: ApiKey;
  /** Without `/v1`. @default "https://api.anthropic.com" */
  readonly baseURL?: string | URL;
  /**
   * The version of the API. The newer one takes no sampling parameters from anyone: `temperature`, `topP` and `topK` are dropped with
   * a warning. In the older one, models before Claude Opus 4.7 take them.
   *
   * @default "2023-06-01"
   */
  readonly version?: AnthropicVersion;
  /** Features in beta to turn on, as the `anthropic-beta` header names them. */
  readonly beta?: readonly string[];
}

/**
 * A model of Anthropic's.
 *
 * `maxOutputTokens` is 16 000 where a request has none (less for models that cannot write as much): Anthropic wants a limit.
 * A call throws `auth` before anything is sent when there is no key, and `unsupported` for what Claude cannot do: a `suffix`, a file of
 * an unknown type, an assistant message at the end for models from 4.6 on.
 *
 * @param id - as Anthropic names it: `claude-sonnet-4-6`
 * @throws {ModelError} `invalid-request` for a base URL that is none
 * @example
 * const model = anthropic("claude-sonnet-4-6");
 * const { content } = await model.generate("Why is the sky blue?");
 */
export function anthropic(id: string, options: AnthropicOptions = {}): CountingModel {
  const { apiKey, baseURL = "https://api.anthropic.com", version, beta, ...wire } = options;
  const place = checkBaseURL(baseURL);
  return messagesModel({
    id,
    dialect: anthropicDialect,
    address: {
      place,
      base: () => place,
      async authorize() {
        const key = await keyFrom({ apiKey, env: "ANTHROPIC_API_KEY", provider: "anthropic" });
        return { "x-api-key": key.reveal() };
      },
    },
    version,
    beta,
    options: wire,
  });
}
