import { compatible } from "./compatible.ts";
import type { ChatFactory } from "./compatible.ts";
import { xaiModels } from "../xai-models.ts";

/** Grok. */
export const xai: ChatFactory = /* @__PURE__ */ compatible({
  provider: "xai",
  baseURL: "https://api.x.ai/v1",
  keyVariable: "XAI_API_KEY",
  provenBy: { by: "recordings", source: "https://docs.x.ai", date: "2026-11" },
  endsWithDone: true,
  maxTokens: "max_completion_tokens",
  files: ["image/png", "image/jpeg"],
  models: xaiModels,
});
