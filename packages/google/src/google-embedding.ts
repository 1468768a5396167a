import type { ProviderEmbeddingModel } from "@plugboard/core";
import { geminiEmbeddings } from "./embeddings/dialect.ts";
import { embeddingModel } from "./embeddings/model.ts";
import { geminiDialect } from "./generate-content/dialect.ts";
import type { GoogleOptions } from "./google.ts";

/**
 * An embedding model on the Gemini API. More than 100 texts are sent in several requests, four at a time; each is an attempt.
 *
 * `purpose` is Google's task type; `gemini-embedding-2` is told it in words before the text, as Google says to.
 *
 * @param id - as Google names it: `gemini-embedding-001`
 * @throws {ModelError} `invalid-request` for a base URL that is none; at the call, `auth` when there is no key
 * @example
 * const { embeddings } = await googleEmbedding("gemini-embedding-001").embed({ values: ["a river"], purpose: "document" });
 */
export function googleEmbedding(id: string, options: GoogleOptions = {}): ProviderEmbeddingModel {
  const { apiKey, baseURL, ...wire } = options;
  return embeddingModel({
    id,
    dialect: geminiDialect,
    embeddings: geminiEmbeddings,
    key: apiKey,
    baseURL,
    options: wire,
  });
}
