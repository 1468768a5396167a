import { compatible } from "./compatible.ts";
import type { ChatFactory } from "./compatible.ts";

/** Sonar models, which search the web. https://docs.perplexity.ai */
export const perplexity: ChatFactory = /* @__PURE__ */ compatible({
  provider: "perplexity",
  baseURL: "https://api.perplexity.ai",
  keyVariable: "PERPLEXITY_API_KEY",
  thinkTags: true,
  streamUsage: false,
  efforts: ["minimal", "low", "medium", "high"],
  refuses: ["seed", "stop", "tools"],
});
