import { compatible } from "./compatible.ts";
import type { ChatFactory } from "./compatible.ts";

/** Models of many providers through OpenRouter. https://openrouter.ai/docs */
export const openrouter: ChatFactory = /* @__PURE__ */ compatible({
  provider: "openrouter",
  baseURL: "https://openrouter.ai/api/v1",
  keyVariable: "OPENROUTER_API_KEY",
  endsWithDone: true,
  efforts: ["none", "minimal", "low", "medium", "high", "xhigh"],
  reasoningForm: "reasoning",
  replay: "reasoning_details",
  files: ["image/*", "application/pdf", "audio/wav", "audio/mpeg"],
  fileURLs: true,
  failures: [{ message: /^token limit reached$/i, code: "server" }],
});
