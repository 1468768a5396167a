import type { ProviderEmbeddingModel } from "@plugboard/core";
import { vertexEmbeddings } from "./embeddings/dialect.ts";
import { embeddingModel } from "./embeddings/model.ts";
import { vertexDialect } from "./generate-content/dialect.ts";
import type { VertexOptions } from "./vertex.ts";

/**
 * An embedding model on Vertex AI. What is more than goes in one request (250 texts, or 20,000 bytes, which no 20,000 tokens are shorter
 * than; Gemini's models take one text) is sent in several, four at a time; each is an attempt.
 *
 * A text that is longer than the model reads is refused, where Vertex AI by itself would cut it without a word;
 * `providerOptions: { google: { parameters: { autoTruncate: true } } }` lets it.
 *
 * @param id - as Google names it: `text-embedding-005`, `gemini-embedding-001`
 * @throws {ModelError} `invalid-request` for a project, location or base URL that is none; at the call, `auth` when there is no token
 * @example
 * const model = vertexEmbedding("text-embedding-005", { project: "my-project", location: "europe-west4", token });
 * const { embeddings } = await model.embed(["a river", "a mountain"]);
 */
export function vertexEmbedding(id: string, options: VertexOptions): ProviderEmbeddingModel {
  const dialect = vertexDialect(options);
  return embeddingModel({ id, dialect, embeddings: vertexEmbeddings, key: options.token, baseURL: undefined, options });
}
