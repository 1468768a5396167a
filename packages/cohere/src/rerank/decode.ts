import type { Json, RerankResult, Start } from "@plugboard/core";
import { ModelError } from "@plugboard/core";
import { cohereUsage, objectOf, rankingOf } from "@plugboard/wire";
import { owner } from "../account.ts";

/**
 * The order of the documents, the best first.
 *
 * @param model - what was asked; Cohere's answers do not name it
 * @throws {ModelError} `parse` when there is no ranking in it
 */
export function decodeRerank(
  body: Json,
  model: string,
  { headers, warnings = [] }: Pick<Start, "headers" | "warnings">,
): RerankResult {
  const answer = objectOf(body);
  const ranking = rankingOf(answer?.["results"], (how) => {
    return new ModelError(`Cohere's answer has no ranking: ${how}.`, { code: "parse", provider: owner, model });
  });
  return { model, ranking, usage: cohereUsage(answer?.["meta"]), warnings, ...(headers && { headers }) };
}
