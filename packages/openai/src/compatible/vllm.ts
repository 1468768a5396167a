import { gapMarks } from "../completions/gap-marks.ts";
import { compatibleCounting } from "./compatible-counting.ts";
import type { CountingFactory } from "./compatible-counting.ts";

/** A vLLM server of one's own. */
export const vllm: CountingFactory = /* @__PURE__ */ compatibleCounting({
  provider: "vllm",
  baseURL: "http://localhost:8000/v1",
  provenBy: {
    by: "documentation",
    source: "https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html",
    date: "2026-11",
  },
  endsWithDone: true,
  efforts: ["low", "medium", "high"],
  completions: { form: gapMarks },
});
