import { compatibleRerank } from "./compatible-rerank.ts";
import type { RerankFactory } from "./compatible-rerank.ts";

/** The one rerank model of a server of one's own with Hugging Face's Text Embeddings Inference. */
export const textEmbeddingsInferenceRerank: RerankFactory = /* @__PURE__ */ compatibleRerank({
  provider: "tei",
  baseURL: "http://localhost:8080",
  provenBy: {
    by: "documentation",
    source: "https://huggingface.co/docs/text-embeddings-inference/quick_tour",
    date: "2026-11",
  },
  rerank: { documents: "texts", limit: "none", model: false },
});
