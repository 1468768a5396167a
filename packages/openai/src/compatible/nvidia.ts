import { compatible } from "./compatible.ts";
import type { ChatFactory } from "./compatible.ts";

/** Open models served by NVIDIA. */
export const nvidia: ChatFactory = /* @__PURE__ */ compatible({
  provider: "nvidia",
  baseURL: "https://integrate.api.nvidia.com/v1",
  keyVariable: "NVIDIA_API_KEY",
  provenBy: { by: "documentation", source: "https://docs.api.nvidia.com", date: "2026-11" },
  embeddings: {
    purpose: { field: "input_type", values: { query: "query", document: "passage" } },
  },
});
