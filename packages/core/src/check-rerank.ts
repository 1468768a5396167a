import type { RerankRequest } from "./rerank-model.ts";
import { checkTexts, checkTimes } from "./check-embedding.ts";
import { checkNumber, refused } from "./refused.ts";

/**
 * Refuses what no provider can put in order, before anything is sent.
 *
 * @throws {ModelError} `invalid-request`, with the field and the accepted values
 */
export function checkRerank({ query, documents, limit, deadline, attemptTimeout }: RerankRequest): void {
  if (typeof query !== "string" || query === "") throw refused("query", "a text that is not empty", query);
  checkTexts("documents", documents);
  if (limit !== undefined) checkNumber("limit", limit, { least: 1, whole: true });
  checkTimes({ deadline, attemptTimeout });
}
