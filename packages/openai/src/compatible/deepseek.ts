import { compatible } from "./compatible.ts";
import type { ChatFactory } from "./compatible.ts";

/** DeepSeek. https://api-docs.deepseek.com */
export const deepseek: ChatFactory = /* @__PURE__ */ compatible({
  provider: "deepseek",
  baseURL: "https://api.deepseek.com",
  keyVariable: "DEEPSEEK_API_KEY",
  endsWithDone: true,
  output: "json_object",
  files: [],
  stops: 16,
  replay: "reasoning_content",
  refuses: ["seed"],
  models: [{ models: /reasoner/, refuses: ["temperature", "topP", "presencePenalty", "frequencyPenalty", "seed"] }],
  completions: { path: "/beta/completions", models: /^(?!.*reasoner)/ },
});
