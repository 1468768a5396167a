import { compatible } from "./compatible.ts";
import type { ChatFactory } from "./compatible.ts";

/** DeepSeek. */
export const deepseek: ChatFactory = /* @__PURE__ */ compatible({
  provider: "deepseek",
  baseURL: "https://api.deepseek.com",
  keyVariable: "DEEPSEEK_API_KEY",
  provenBy: { by: "recordings", source: "https://api-docs.deepseek.com", date: "2026-11" },
  endsWithDone: true,
  output: "json_object",
  files: [],
  stops: 16,
  replay: "reasoning_content",
  refuses: ["seed"],
  models: [{ models: /reasoner/, refuses: ["temperature", "topP", "presencePenalty", "frequencyPenalty", "seed"] }],
  completions: { path: "/beta/completions", models: /^(?!.*reasoner)/ },
});
