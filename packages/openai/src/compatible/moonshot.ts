import { compatibleCounting } from "./compatible-counting.ts";
import type { CountingFactory } from "./compatible-counting.ts";

/** Kimi models. */
export const moonshot: CountingFactory = /* @__PURE__ */ compatibleCounting({
  provider: "moonshot",
  baseURL: "https://api.moonshot.ai/v1",
  keyVariable: "MOONSHOT_API_KEY",
  provenBy: { by: "recordings", source: "https://platform.moonshot.ai/docs", date: "2026-11" },
  replay: "reasoning_content",
  hottest: 1,
  stops: 5,
  refuses: ["seed"],
  counting: { path: "/tokenizers/estimate-token-count", member: "data.total_tokens", pictures: true, tools: false },
});
