import type { CountingModel } from "@plugboard/core";
import type { VertexAccess, WireOptions } from "@plugboard/wire";
import type { MessagesDialect } from "./messages/dialect.ts";
import { bearerFrom, sse, vertexPlace } from "@plugboard/wire";
import { messageDecoder } from "./messages/decode.ts";
import { messagesModel } from "./messages/model.ts";

/** What a Claude on Vertex AI can be given. */
export interface VertexAnthropicOptions extends WireOptions, VertexAccess {
  /** Features in beta to turn on, as Anthropic names them. */
  readonly beta?: readonly string[];
  /**
   * The organization lets its models be held to a JSON Schema (`constraints/vertexai.allowedPartnerModelFeatures`), which Google forbids
   * unless it is asked for. Without it, a tool stands for an `output`, and no tool is `strict`.
   *
   * @default false
   */
  readonly structuredOutputs?: boolean;
  /** The catalogue's name for the model, where `id` is not one. */
  readonly catalogId?: string;
}

// Google's pages on partner models and Anthropic's on vision, read in November 2026; the path for counting is that of Anthropic's SDK.
const dialect: MessagesDialect = {
  provider: "vertex",
  paths: {
    whole: "publishers/anthropic/models/{model}:rawPredict",
    stream: "publishers/anthropic/models/{model}:streamRawPredict",
    count: { path: "publishers/anthropic/models/count-tokens:rawPredict", form: "messages" },
  },
  told: ["model"],
  stream: { framing: sse, decoder: messageDecoder },
  version: { in: "body", name: "anthropic_version", default: "vertex-2023-10-16" },
  beta: { in: "header", name: "anthropic-beta" },
  fetchesFiles: false,
  structured: false,
};

/**
 * A Claude on Google's Vertex AI, asked in Anthropic's own protocol.
 *
 * A call throws `auth` before anything is sent when there is no token, and `unsupported` for a file by its URL, which Vertex AI does not
 * fetch.
 *
 * @param id - as Google names it: `claude-sonnet-4-5@20250929`
 * @throws {ModelError} `invalid-request` for a project, location or base URL that is none
 * @example
 * const model = vertexAnthropic("claude-sonnet-4-6@default", { project: "my-project", token: () => auth.getAccessToken() });
 */
export function vertexAnthropic(id: string, options: VertexAnthropicOptions): CountingModel {
  const { token, beta, structuredOutputs, catalogId } = options;
  const { baseURL, path } = vertexPlace(options);
  const place = baseURL + path;
  return messagesModel({
    id,
    catalogId,
    dialect: { ...dialect, structured: structuredOutputs === true },
    address: {
      place,
      base: () => place,
      authorize: () =>
        bearerFrom({
          apiKey: token,
          env: "GOOGLE_CLOUD_ACCESS_TOKEN",
          option: "token",
          provider: dialect.provider,
        }),
    },
    beta,
    options,
  });
}
