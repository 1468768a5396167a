import { compatible } from "./compatible.ts";
import type { ChatFactory } from "./compatible.ts";

/** Open models served by NVIDIA. https://docs.api.nvidia.com */
export const nvidia: ChatFactory = /* @__PURE__ */ compatible({
  provider: "nvidia",
  baseURL: "https://integrate.api.nvidia.com/v1",
  keyVariable: "NVIDIA_API_KEY",
  embeddings: {
    purpose: { field: "input_type", values: { query: "query", document: "passage" } },
  },
});
