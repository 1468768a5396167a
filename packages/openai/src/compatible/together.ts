import { compatible } from "./compatible.ts";
import type { ChatFactory } from "./compatible.ts";

/** Open models served by Together AI. */
export const together: ChatFactory = /* @__PURE__ */ compatible({
  provider: "together",
  baseURL: "https://api.together.xyz/v1",
  keyVariable: "TOGETHER_API_KEY",
  provenBy: { by: "recordings", source: "https://docs.together.ai", date: "2026-11" },
  endsWithDone: true,
  rerank: { body: { return_documents: false } },
});
