import { compatible } from "./compatible.ts";
import type { ChatFactory } from "./compatible.ts";

/** Models of many providers through OpenRouter. */
export const openrouter: ChatFactory = /* @__PURE__ */ compatible({
  provider: "openrouter",
  baseURL: "https://openrouter.ai/api/v1",
  keyVariable: "OPENROUTER_API_KEY",
  provenBy: { by: "recordings", source: "https://openrouter.ai/docs", date: "2026-11" },
  endsWithDone: true,
  efforts: ["none", "minimal", "low", "medium", "high", "xhigh"],
  reasoningForm: "reasoning",
  replay: "reasoning_details",
  files: ["image/*", "application/pdf", "audio/wav", "audio/mpeg"],
  fileURLs: true,
  failures: [{ message: /^token limit reached$/i, code: "server" }],
});
