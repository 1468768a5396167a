import { compatibleRerank } from "./compatible-rerank.ts";
import type { RerankFactory } from "./compatible-rerank.ts";

/** Rerank models of Jina. */
export const jinaRerank: RerankFactory = /* @__PURE__ */ compatibleRerank({
  provider: "jina",
  baseURL: "https://api.jina.ai/v1",
  keyVariable: "JINA_API_KEY",
  provenBy: { by: "documentation", source: "https://jina.ai/reranker", date: "2026-11" },
  rerank: { body: { return_documents: false } },
});
