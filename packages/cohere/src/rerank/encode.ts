import type { JsonObject, RerankInput } from "@plugboard/core";
import { ModelError } from "@plugboard/core";
import { mergeProviderOptions } from "@plugboard/wire";
import { owner } from "../account.ts";

/** https://docs.cohere.com/docs/reranking-best-practices, read in November 2026. */
const mostDocuments = 10_000;

/**
 * Writes documents to be put in order as a body of `/v2/rerank`. `providerOptions.cohere` has the last word.
 *
 * @throws {ModelError} `invalid-request` for more documents than Cohere takes in one request
 */
export function encodeRerank(model: string, { query, documents, limit, providerOptions }: RerankInput): JsonObject {
  if (documents.length > mostDocuments) {
    const message = `\`documents\` has ${documents.length} texts; Cohere orders ${mostDocuments} at most.`;
    throw new ModelError(message, { code: "invalid-request", provider: owner, model });
  }
  const body = { model, query, documents, ...(limit !== undefined && { top_n: limit }) };
  return mergeProviderOptions(body, providerOptions?.[owner]);
}
