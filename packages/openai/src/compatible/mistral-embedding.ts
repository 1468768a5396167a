import { compatibleEmbedding } from "./compatible-embedding.ts";
import type { EmbeddingFactory } from "./compatible-embedding.ts";
import { mistral } from "./mistral.ts";

/**
 * Embedding models of Mistral AI; `codestral-embed` shortens its vectors by `dimensions`, and gives others than floats by
 * `providerOptions: { mistral: { output_dtype: "int8" } }`. https://docs.mistral.ai/api/endpoint/embeddings
 *
 * @example
 * const { embeddings } = await mistralEmbedding("codestral-embed").embed({ values: ["let a = 1;"], dimensions: 512 });
 */
export const mistralEmbedding: EmbeddingFactory = /* @__PURE__ */ compatibleEmbedding(mistral.dialect);
