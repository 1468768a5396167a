import type { WireOptions } from "@plugboard/wire";
import type { BedrockAccess } from "@plugboard/wire/aws";

/** What a model on Bedrock can be given. */
export interface BedrockOptions extends WireOptions, BedrockAccess {
  /** The model behind an ARN, such as `anthropic.claude-sonnet-4-5-20250929-v1:0`: prices, limits and what it takes are looked up by it. */
  readonly catalogId?: string;
}
