import { gapMarks } from "../completions/gap-marks.ts";
import { compatible } from "./compatible.ts";
import type { ChatFactory } from "./compatible.ts";

/** LM Studio on this machine. */
export const lmStudio: ChatFactory = /* @__PURE__ */ compatible({
  provider: "lmstudio",
  baseURL: "http://localhost:1234/v1",
  provenBy: { by: "documentation", source: "https://lmstudio.ai/docs", date: "2026-11" },
  completions: { form: gapMarks },
});
