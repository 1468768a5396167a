import { compatible } from "./compatible.ts";
import type { ChatFactory } from "./compatible.ts";

/** Qwen models on Alibaba Cloud. https://www.alibabacloud.com/help/en/model-studio */
export const alibaba: ChatFactory = /* @__PURE__ */ compatible({
  provider: "alibaba",
  baseURL: "https://dashscope-intl.aliyuncs.com/compatible-mode/v1",
  keyVariable: "DASHSCOPE_API_KEY",
  endsWithDone: true,
  output: "json_object",
  embeddings: { batch: { values: 10 } },
});
