// What is supported, as data: read by the tests and by the table in the documentation, and part of no bundle.
import type { ProviderFeatures } from "@plugboard/testing";

/** The Gemini API. */
export const googleFeatures: ProviderFeatures = {
  provider: "google",
  protocol: "generate-content",
  model: "gemini-3.5-flash",
  // From Gemini 3 on, a history needs signatures that no other model gives.
  models: {
    presencePenalty: "gemini-2.0-flash",
    frequencyPenalty: "gemini-2.0-flash",
    parallelTools: "gemini-2.5-flash",
  },
  provenBy: "recordings",
  streaming: true,
  tools: true,
  parallelTools: true,
  toolChoice: ["none", "required", "named"],
  output: "schema",
  settings: ["maxOutputTokens", "temperature", "topP", "topK", "presencePenalty", "frequencyPenalty", "stop", "seed"],
  reasoning: true,
  images: true,
  pdfs: true,
  audio: true,
  suffix: false,
  promptCaching: "automatic",
  citations: true,
  providerTools: ["google.google_search", "google.code_execution", "google.url_context"],
  embeddings: true,
  rerank: false,
  tokenCounting: true,
};

/** The same on Vertex AI. */
export const vertexFeatures: ProviderFeatures = { ...googleFeatures, provider: "vertex" };
