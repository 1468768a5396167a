import { compatible } from "./compatible.ts";
import type { ChatFactory } from "./compatible.ts";

/** A vLLM server of one's own. */
export const vllm: ChatFactory = /* @__PURE__ */ compatible({
  provider: "vllm",
  baseURL: "http://localhost:8000/v1",
  provenBy: {
    by: "documentation",
    source: "https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html",
    date: "2026-11",
  },
  endsWithDone: true,
  efforts: ["low", "medium", "high"],
  completions: { form: "prompt" },
});
