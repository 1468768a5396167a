import type { ProviderModel } from "@plugboard/core";
import type { WireOptions } from "@plugboard/wire";
import { bedrockRuntime } from "@plugboard/wire/aws";
import type { BedrockAccess } from "@plugboard/wire/aws";
import { converseModel } from "./converse/model.ts";

/** What a model on Bedrock can be given. */
export interface BedrockOptions extends WireOptions, BedrockAccess {
  /** The model behind an ARN, such as `anthropic.claude-sonnet-4-5-20250929-v1:0`: prices, limits and what it takes are looked up by it. */
  readonly catalogId?: string;
}

/**
 * A model on Amazon Bedrock, asked through the Converse API.
 *
 * A call throws `auth` before anything is sent when there are no keys, `invalid-request` when there is no region, and `unsupported`
 * for what the Converse API cannot say: a `suffix`, a file of an unknown type or by a URL that is not of S3.
 *
 * @param id - of a model (`amazon.nova-lite-v1:0`) or an inference profile (`us.anthropic.claude-sonnet-4-5-20250929-v1:0`), or an ARN
 * @throws {ModelError} `invalid-request` for a base URL or a region that is none
 * @example
 * const model = bedrock("eu.amazon.nova-lite-v1:0", { region: "eu-central-1" }); // the keys are in the environment
 * const { content } = await model.generate("Why is the sky blue?");
 */
export function bedrock(id: string, options: BedrockOptions = {}): ProviderModel {
  return converseModel({ id, catalogId: options.catalogId, options, runtime: bedrockRuntime(id, options) });
}
