import type { CountingModel } from "@plugboard/core";
import type { WireOptions } from "@plugboard/wire";
import type { BedrockAccess } from "@plugboard/wire/aws";
import type { MessagesDialect } from "./messages/dialect.ts";
import { bedrockFailures, bedrockRuntime } from "@plugboard/wire/aws";
import { awsEventStream } from "@plugboard/wire";
import { chunkDecoder } from "./messages/chunk-decoder.ts";
import { messagesModel } from "./messages/model.ts";

/** What a Claude on Amazon Bedrock can be given. */
export interface BedrockAnthropicOptions extends WireOptions, BedrockAccess {
  /** Features in beta to turn on, as Anthropic names them. */
  readonly beta?: readonly string[];
  /** The model behind an ARN, such as `anthropic.claude-sonnet-4-5-20250929-v1:0`: prices, limits and what it takes are looked up by it. */
  readonly catalogId?: string;
}

// https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-anthropic-claude-messages-request-response.html; files by
// Anthropic's page on vision, both read in November 2026.
const dialect: MessagesDialect = {
  provider: "bedrock",
  paths: {
    whole: "/model/{model}/invoke",
    stream: "/model/{model}/invoke-with-response-stream",
    count: { path: "/model/{model}/count-tokens", form: "invoke-model" },
  },
  told: ["model", "stream"],
  stream: { framing: awsEventStream, decoder: chunkDecoder },
  version: { in: "body", name: "anthropic_version", default: "bedrock-2023-05-31" },
  beta: { in: "body", name: "anthropic_beta" },
  fetchesFiles: false,
  structured: true,
  failures: bedrockFailures,
};

/**
 * A Claude on Amazon Bedrock, asked in Anthropic's own protocol (InvokeModel): what that has and the Converse API has no word for, such
 * as beta features. `bedrock` of `@plugboard/bedrock` asks through Converse; conversations go from one to the other as they are.
 *
 * A call throws `auth` before anything is sent when there are no keys, `invalid-request` when there is no region, and `unsupported` for
 * a file by its URL, which Bedrock does not fetch. Tokens are counted where Bedrock does it, which leaves out the newest models.
 *
 * @param id - of a model or an inference profile (`us.anthropic.claude-sonnet-4-5-20250929-v1:0`), or an ARN
 * @throws {ModelError} `invalid-request` for a base URL or a region that is none
 * @example
 * const model = bedrockAnthropic("eu.anthropic.claude-sonnet-4-6", { region: "eu-central-1" }); // the keys are in the environment
 */
export function bedrockAnthropic(id: string, options: BedrockAnthropicOptions = {}): CountingModel {
  const { place, endpoint, sign } = bedrockRuntime(id, options);
  const { beta, catalogId } = options;
  return messagesModel({ id, catalogId, dialect, address: { place, base: endpoint, sign }, beta, options });
}
