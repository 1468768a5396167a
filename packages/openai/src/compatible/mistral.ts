import { exactCallId } from "../shared/exact-call-id.ts";
import { compatible } from "./compatible.ts";
import type { ChatFactory } from "./compatible.ts";

/** Mistral AI. */
export const mistral: ChatFactory = /* @__PURE__ */ compatible({
  provider: "mistral",
  baseURL: "https://api.mistral.ai/v1",
  keyVariable: "MISTRAL_API_KEY",
  provenBy: { by: "recordings", source: "https://docs.mistral.ai/api", date: "2026-11" },
  endsWithDone: true,
  streamUsage: false,
  hottest: 1.5,
  seed: "random_seed",
  strict: true,
  callId: /* @__PURE__ */ exactCallId(9),
  userAfterResults: false,
  prefill: "prefix",
  replay: "thinking",
  documents: "document_url",
  files: ["image/*", "application/pdf", "audio/wav", "audio/mpeg"],
  fileURLs: true,
  models: [
    // https://docs.mistral.ai/capabilities/reasoning: these are told how hard to think; Magistral always does.
    { models: /^mistral-small-(latest|26)/, efforts: ["none", "high"], userAfterResults: true },
    { models: /^mistral-medium-(26|3[.-]5)/, efforts: ["none", "high"] },
  ],
  embeddings: {
    dimensions: false,
    dimensionsField: "output_dimension",
    // It says "Too many tokens in batch. Max is 16384", or "Too many inputs in request" for more than 512 (code 3210).
    batch: { values: 512, bytes: 16_384 },
    models: [{ models: /codestral-embed/, dimensions: true }], // https://docs.mistral.ai/capabilities/embeddings/code_embeddings
  },
  completions: { path: "/fim/completions", models: /codestral/, refuses: ["presencePenalty", "frequencyPenalty"] },
});
