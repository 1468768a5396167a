import { compatible } from "./compatible.ts";
import type { ChatFactory } from "./compatible.ts";

/** LM Studio on this machine. https://lmstudio.ai/docs */
export const lmStudio: ChatFactory = /* @__PURE__ */ compatible({
  provider: "lmstudio",
  baseURL: "http://localhost:1234/v1",
  completions: { form: "prompt" },
});
