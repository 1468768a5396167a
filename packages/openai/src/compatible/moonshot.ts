import { compatible } from "./compatible.ts";
import type { ChatFactory } from "./compatible.ts";

/** Kimi models. https://platform.moonshot.ai/docs */
export const moonshot: ChatFactory = /* @__PURE__ */ compatible({
  provider: "moonshot",
  baseURL: "https://api.moonshot.ai/v1",
  keyVariable: "MOONSHOT_API_KEY",
  replay: "reasoning_content",
  hottest: 1,
  stops: 5,
  refuses: ["seed"],
});
