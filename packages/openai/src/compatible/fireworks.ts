import { compatible } from "./compatible.ts";
import type { ChatFactory } from "./compatible.ts";

/** Open models served by Fireworks AI. */
export const fireworks: ChatFactory = /* @__PURE__ */ compatible({
  provider: "fireworks",
  baseURL: "https://api.fireworks.ai/inference/v1",
  keyVariable: "FIREWORKS_API_KEY",
  provenBy: { by: "documentation", source: "https://docs.fireworks.ai", date: "2026-11" },
  efforts: ["none", "low", "medium", "high"],
  replay: "reasoning_content",
});
