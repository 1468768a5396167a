import { thinkTags } from "../chat-completions/think-tags.ts";
import { compatible } from "./compatible.ts";
import type { ChatFactory } from "./compatible.ts";

/** Sonar models, which search the web. */
export const perplexity: ChatFactory = /* @__PURE__ */ compatible({
  provider: "perplexity",
  baseURL: "https://api.perplexity.ai",
  keyVariable: "PERPLEXITY_API_KEY",
  provenBy: { by: "recordings", source: "https://docs.perplexity.ai", date: "2026-11" },
  thinkTags,
  streamUsage: false,
  efforts: ["minimal", "low", "medium", "high"],
  refuses: ["seed", "stop", "tools"],
});
