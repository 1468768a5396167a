import { compatibleRerank } from "./compatible-rerank.ts";
import type { RerankFactory } from "./compatible-rerank.ts";

/** Rerank models of Voyage AI. */
export const voyageRerank: RerankFactory = /* @__PURE__ */ compatibleRerank({
  provider: "voyage",
  baseURL: "https://api.voyageai.com/v1",
  keyVariable: "VOYAGE_API_KEY",
  provenBy: { by: "documentation", source: "https://docs.voyageai.com/reference/reranker-api", date: "2026-11" },
  rerank: { limit: "top_k" },
});
