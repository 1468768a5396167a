import { compatibleCounting } from "./compatible-counting.ts";
import type { CountingFactory } from "./compatible-counting.ts";

/** GLM models. */
export const zai: CountingFactory = /* @__PURE__ */ compatibleCounting({
  provider: "zai",
  baseURL: "https://api.z.ai/api/paas/v4",
  keyVariable: "ZAI_API_KEY",
  provenBy: { by: "recordings", source: "https://docs.z.ai", date: "2026-11" },
  output: "json_object",
  stops: 1,
  hottest: 1,
  refuses: ["presencePenalty", "frequencyPenalty", "seed"],
  counting: { path: "/tokenizer", member: "usage.total_tokens", exact: true, pictures: true },
});
