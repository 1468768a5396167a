import { compatible } from "./compatible.ts";
import type { ChatFactory } from "./compatible.ts";

/** Kimi models. */
export const moonshot: ChatFactory = /* @__PURE__ */ compatible({
  provider: "moonshot",
  baseURL: "https://api.moonshot.ai/v1",
  keyVariable: "MOONSHOT_API_KEY",
  provenBy: { by: "recordings", source: "https://platform.moonshot.ai/docs", date: "2026-11" },
  replay: "reasoning_content",
  hottest: 1,
  stops: 5,
  refuses: ["seed"],
});
