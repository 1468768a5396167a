// What is supported, as data: read by the tests and by the table in the documentation, and part of no bundle.
import type { ProviderFeatures } from "@plugboard/testing";

/** Cohere's chat API, version 2. */
export const cohereFeatures: ProviderFeatures = {
  provider: "cohere",
  protocol: "cohere",
  model: "command-a-03-2025",
  models: { reasoning: "command-a-reasoning-08-2025", images: "command-a-vision-07-2025" },
  provenBy: "recordings",
  streaming: true,
  tools: true,
  parallelTools: true,
  toolChoice: ["none", "required", "named"],
  output: "schema",
  settings: ["maxOutputTokens", "temperature", "topP", "topK", "presencePenalty", "frequencyPenalty", "stop", "seed"],
  reasoning: true,
  images: true,
  pdfs: false,
  audio: false,
  suffix: false,
  promptCaching: "automatic",
  citations: true,
  providerTools: [],
  embeddings: true,
  rerank: true,
  tokenCounting: false,
};
