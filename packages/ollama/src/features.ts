// What is supported, as data: read by the tests and by the table in the documentation, and part of no bundle.
import type { ProviderFeatures } from "@plugboard/testing";

/** Ollama's own protocol. */
export const ollamaFeatures: ProviderFeatures = {
  provider: "ollama",
  protocol: "ollama",
  model: "qwen2.5-coder",
  provenBy: "recordings",
  streaming: true,
  tools: true,
  parallelTools: true,
  toolChoice: ["none"],
  output: "schema",
  settings: ["maxOutputTokens", "temperature", "topP", "topK", "presencePenalty", "frequencyPenalty", "stop", "seed"],
  reasoning: true,
  images: true,
  pdfs: false,
  audio: false,
  suffix: true,
  promptCaching: "automatic",
  citations: false,
  providerTools: [],
  embeddings: true,
  rerank: false,
  tokenCounting: false,
};
