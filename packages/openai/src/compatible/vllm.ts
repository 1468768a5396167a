import { compatible } from "./compatible.ts";
import type { ChatFactory } from "./compatible.ts";

/** A vLLM server of one's own. https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html */
export const vllm: ChatFactory = /* @__PURE__ */ compatible({
  provider: "vllm",
  baseURL: "http://localhost:8000/v1",
  endsWithDone: true,

  efforts: ["low", "medium", "high"],
  completions: { form: "prompt" },
});
