import type { EmbeddingRequest } from "./embedding-model.ts";
import { checkEmbedding } from "./check-embedding.ts";

/**
 * What is to be embedded, checked; a bare list is the texts.
 *
 * @throws {ModelError} `invalid-request`, with the field and the accepted values
 */
export function askedEmbedding(asked: EmbeddingRequest | readonly string[]): EmbeddingRequest {
  const request = isList(asked) ? { values: asked } : asked;
  checkEmbedding(request);
  return request;
}

function isList(asked: EmbeddingRequest | readonly string[]): asked is readonly string[] {
  return Array.isArray(asked);
}
