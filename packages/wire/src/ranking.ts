import type { Json, RerankResult } from "@plugboard/core";
import { countOf, objectOf } from "./narrow.ts";

/**
 * The ranking in the `results` of an answer, as Cohere gives it and whoever speaks its protocol: the best first, whatever their order.
 *
 * @param unreadable - makes the error that is thrown where there is none, of what is wrong with it
 * @example
 * rankingOf([{ index: 1, relevance_score: 0.9 }], (how) => new ModelError(how, { code: "parse" })); // [{ index: 1, score: 0.9 }]
 */
export function rankingOf(results: Json | undefined, unreadable: (how: string) => Error): RerankResult["ranking"] {
  if (!Array.isArray(results)) throw unreadable("it has no `results`");
  const ranking = (results as readonly Json[]).map((result, place) => {
    const item = objectOf(result);
    if (!item) throw unreadable(`\`results[${place}]\` is not an object`);
    const index = countOf(item["index"]);
    const score = item["relevance_score"] ?? item["score"];
    if (index === undefined) throw unreadable(`\`results[${place}].index\` is no place in the documents`);
    if (typeof score !== "number") throw unreadable(`\`results[${place}]\` has no score`);
    return { index, score };
  });
  return ranking.toSorted((first, second) => second.score - first.score);
}
