import { compatible } from "./compatible.ts";
import type { ChatFactory } from "./compatible.ts";
import { xaiModels } from "../xai-models.ts";

/** Grok. https://docs.x.ai */
export const xai: ChatFactory = /* @__PURE__ */ compatible({
  provider: "xai",
  baseURL: "https://api.x.ai/v1",
  keyVariable: "XAI_API_KEY",
  endsWithDone: true,
  maxTokens: "max_completion_tokens",
  files: ["image/png", "image/jpeg"],
  models: xaiModels,
});
