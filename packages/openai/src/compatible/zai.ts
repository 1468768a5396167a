import { compatible } from "./compatible.ts";
import type { ChatFactory } from "./compatible.ts";

/** GLM models. https://docs.z.ai */
export const zai: ChatFactory = /* @__PURE__ */ compatible({
  provider: "zai",
  baseURL: "https://api.z.ai/api/paas/v4",
  keyVariable: "ZAI_API_KEY",
  output: "json_object",
  stops: 1,
  hottest: 1,
  refuses: ["presencePenalty", "frequencyPenalty", "seed"],
});
