export { anthropic } from "./anthropic.ts";
export type { AnthropicOptions } from "./anthropic.ts";
export { azureAnthropic } from "./azure-anthropic.ts";
export type { AzureAnthropicOptions } from "./azure-anthropic.ts";
export { bedrockAnthropic } from "./bedrock-anthropic.ts";
export type { BedrockAnthropicOptions } from "./bedrock-anthropic.ts";
export type { AnthropicVersion } from "./messages/dialect.ts";
export { vertexAnthropic } from "./vertex-anthropic.ts";
export type { VertexAnthropicOptions } from "./vertex-anthropic.ts";
