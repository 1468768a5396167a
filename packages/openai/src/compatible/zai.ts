import { compatible } from "./compatible.ts";
import type { ChatFactory } from "./compatible.ts";

/** GLM models. */
export const zai: ChatFactory = /* @__PURE__ */ compatible({
  provider: "zai",
  baseURL: "https://api.z.ai/api/paas/v4",
  keyVariable: "ZAI_API_KEY",
  provenBy: { by: "recordings", source: "https://docs.z.ai", date: "2026-11" },
  output: "json_object",
  stops: 1,
  hottest: 1,
  refuses: ["presencePenalty", "frequencyPenalty", "seed"],
});
