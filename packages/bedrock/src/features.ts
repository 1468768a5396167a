// What is supported, as data: read by the tests and by the table in the documentation, and part of no bundle.
import type { ProviderFeatures } from "@plugboard/testing";

/** The Converse API, where the model takes it: families differ in most of this. */
export const bedrockFeatures: ProviderFeatures = {
  provider: "bedrock",
  protocol: "converse",
  model: "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
  models: { providerTools: "us.amazon.nova-2-lite-v1:0" },
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
  audio: true,
  suffix: false,
  promptCaching: { mark: { bedrock: { cachePoint: { type: "default" } } } },
  citations: true,
  providerTools: ["bedrock.nova_grounding"],
  embeddings: true,
  rerank: true,
  tokenCounting: true,
};
