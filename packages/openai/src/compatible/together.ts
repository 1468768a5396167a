import { compatible } from "./compatible.ts";
import type { ChatFactory } from "./compatible.ts";

/** Open models served by Together AI. https://docs.together.ai */
export const together: ChatFactory = /* @__PURE__ */ compatible({
  provider: "together",
  baseURL: "https://api.together.xyz/v1",
  keyVariable: "TOGETHER_API_KEY",
  endsWithDone: true,
});
