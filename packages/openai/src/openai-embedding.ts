import type { ProviderEmbeddingModel } from "@plugboard/core";
import { compatibleEmbedding } from "./compatible/compatible-embedding.ts";
import { withAccount } from "./openai-account.ts";
import type { OpenAIOptions } from "./openai-account.ts";
import { openaiDialect } from "./openai-dialect.ts";

/**
 * An embedding model of OpenAI. More texts than go in one request (2,048, or 300,000 bytes, which no 300,000 tokens are shorter than)
 * are sent in several, four at a time; each is an attempt.
 *
 * @param id - such as `text-embedding-3-small`
 * @throws {ModelError} `invalid-request` for a base URL that is none; at the call, `auth` when there is no key
 * @example
 * const { embeddings } = await openaiEmbedding("text-embedding-3-small").embed(["a river", "a mountain"]);
 */
export function openaiEmbedding(id: string, options: OpenAIOptions = {}): ProviderEmbeddingModel {
  return compatibleEmbedding(openaiDialect)(id, withAccount(options));
}
