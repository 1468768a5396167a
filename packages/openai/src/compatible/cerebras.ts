import { compatible } from "./compatible.ts";
import type { ChatFactory } from "./compatible.ts";

/** Open models served by Cerebras. */
export const cerebras: ChatFactory = /* @__PURE__ */ compatible({
  provider: "cerebras",
  baseURL: "https://api.cerebras.ai/v1",
  keyVariable: "CEREBRAS_API_KEY",
  provenBy: { by: "recordings", source: "https://inference-docs.cerebras.ai", date: "2026-11" },
  maxTokens: "max_completion_tokens",
  efforts: ["low", "medium", "high"],
  strict: true,
  files: [],
  refuses: ["presencePenalty", "frequencyPenalty"],
});
