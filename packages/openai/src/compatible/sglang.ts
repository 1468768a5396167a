import { gapMarks } from "../completions/gap-marks.ts";
import { compatible } from "./compatible.ts";
import type { ChatFactory } from "./compatible.ts";

/** An SGLang server of one's own. */
export const sglang: ChatFactory = /* @__PURE__ */ compatible({
  provider: "sglang",
  baseURL: "http://localhost:30000/v1",
  provenBy: { by: "documentation", source: "https://docs.sglang.io/basic_usage/openai_api", date: "2026-11" },
  endsWithDone: true,
  efforts: ["low", "medium", "high"],
  completions: { form: gapMarks },
  rerank: { limit: "none" }, // older servers refuse a limit, newer ones know `top_n`
});
