import type { Json, RerankResult } from "@plugboard/core";
import { objectOf } from "./narrow.ts";

/**
 * The ranking in the `results` of an answer, as Cohere gives it and whoever speaks its protocol: the best first, whatever their order.
 * `undefined` where there is none.
 *
 * @example
 * rankingOf([{ index: 1, relevance_score: 0.9 }]); // [{ index: 1, score: 0.9 }]
 */
export function rankingOf(results: Json | undefined): RerankResult["ranking"] | undefined {
  if (!Array.isArray(results)) return undefined;
  const ranking: { readonly index: number; readonly score: number }[] = [];
  for (const result of results as readonly Json[]) {
    const { index, relevance_score: score } = objectOf(result) ?? {};
    if (typeof index !== "number" || typeof score !== "number") return undefined;
    ranking.push({ index, score });
  }
  return ranking.toSorted((first, second) => second.score - first.score);
}
