// What is supported, as data: read by the tests and by the table in the documentation, and part of no bundle.
import type { ProviderFeatures } from "@plugboard/testing";

/** Anthropic's own API, version 2023-06-01; the newer one takes no sampling parameters. */
export const anthropicFeatures: ProviderFeatures = {
  provider: "anthropic",
  protocol: "messages",
  model: "claude-sonnet-4-5",
  provenBy: "recordings",
  streaming: true,
  tools: true,
  parallelTools: true,
  toolChoice: ["none", "required", "named"],
  output: "schema",
  settings: ["maxOutputTokens", "temperature", "topP", "topK", "stop"],
  reasoning: true,
  images: true,
  pdfs: true,
  audio: false,
  suffix: false,
  promptCaching: { mark: { anthropic: { cacheControl: { type: "ephemeral" } } } },
  citations: true,
  providerTools: ["anthropic.web_search_20250305", "anthropic.code_execution_20250825"],
  embeddings: false,
  rerank: false,
  tokenCounting: true,
};

/** Claude in Azure AI Foundry: the same protocol, and no traffic of it is recorded. */
export const azureAnthropicFeatures: ProviderFeatures = {
  ...anthropicFeatures,
  provider: "azure",
  provenBy: "documentation",
};

/** Claude on Bedrock by InvokeModel. */
export const bedrockAnthropicFeatures: ProviderFeatures = {
  ...anthropicFeatures,
  provider: "bedrock",
  model: "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
  provenBy: "documentation",
};

/** Claude on Vertex AI, which by default takes no schema for answers. */
export const vertexAnthropicFeatures: ProviderFeatures = {
  ...anthropicFeatures,
  provider: "vertex",
  model: "claude-sonnet-4-5@20250929",
  provenBy: "documentation",
  output: "emulated",
};
