import { compatible } from "./compatible.ts";
import type { ChatFactory } from "./compatible.ts";

/** Qwen models on Alibaba Cloud. */
export const alibaba: ChatFactory = /* @__PURE__ */ compatible({
  provider: "alibaba",
  baseURL: "https://dashscope-intl.aliyuncs.com/compatible-mode/v1",
  keyVariable: "DASHSCOPE_API_KEY",
  provenBy: { by: "recordings", source: "https://www.alibabacloud.com/help/en/model-studio", date: "2026-11" },
  endsWithDone: true,
  output: "json_object",
  embeddings: { batch: { values: 10 } },
});
