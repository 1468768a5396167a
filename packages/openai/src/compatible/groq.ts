import { compatible } from "./compatible.ts";
import type { ChatFactory } from "./compatible.ts";

/** Open models served by Groq. */
export const groq: ChatFactory = /* @__PURE__ */ compatible({
  provider: "groq",
  baseURL: "https://api.groq.com/openai/v1",
  keyVariable: "GROQ_API_KEY",
  provenBy: { by: "recordings", source: "https://console.groq.com/docs/openai", date: "2026-11" },
  endsWithDone: true,
  maxTokens: "max_completion_tokens",
  efforts: ["low", "medium", "high"],
  strict: true,
  refuses: ["presencePenalty", "frequencyPenalty"],
  providerTools: ["browser_search", "code_interpreter"],
});
