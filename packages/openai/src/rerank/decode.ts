import { ModelError } from "@plugboard/core";
import type { Json, JsonObject, RerankResult, Start, Usage } from "@plugboard/core";
import { cohereUsage, countOf, failureInBand, objectOf, rankingOf, stringOf } from "@plugboard/wire";
import { isList } from "../shared/fields.ts";

/** What must be known of the request to read its answer. */
export interface RerankDecoding {
  readonly provider: string;
  /** The model that was asked, for answers that do not name one. */
  readonly model: string;
  /** How many were asked for; a server that knows no limit returns all. */
  readonly limit?: number | undefined;
}

/**
 * Reads a ranking: `results` at Cohere, Jina, Together, vLLM and llama.cpp, `data` at Voyage, a bare list at SGLang and Text Embeddings
 * Inference. The best come first, also where a server keeps the order of the documents.
 *
 * @throws {ModelError} an error sent with status 200; `parse` when there is no ranking in it
 */
export function decodeRerank(
  body: Json,
  decoding: RerankDecoding,
  { headers, warnings = [] }: Pick<Start, "headers" | "warnings">,
): RerankResult {
  const whole = isList(body) ? { results: body } : objectOf(body);
  if (!whole) throw unreadable(decoding, "it is not an object");
  const { error, model, usage, meta } = whole;
  if (error !== undefined && error !== null) throw failureInBand(error, decoding);
  const ranking = rankingOf(whole["results"] ?? whole["data"], (how) => unreadable(decoding, how));
  return {
    model: stringOf(model) || decoding.model,
    ranking: decoding.limit === undefined ? ranking : ranking.slice(0, decoding.limit),
    usage: usageOf(objectOf(usage), meta),
    warnings,
    ...(headers && { headers }),
  };
}

/** Tokens where they are told, of the question and the documents; else as Cohere tells what it took. */
function usageOf(usage: JsonObject = {}, meta: Json | undefined): Usage {
  const input = countOf(usage["prompt_tokens"]) || countOf(usage["total_tokens"]);
  return { ...cohereUsage(meta), ...(input !== undefined && { input }) };
}

function unreadable({ provider, model }: RerankDecoding, how: string): ModelError {
  return new ModelError(`The answer of ${provider} has no ranking: ${how}.`, { code: "parse", provider, model });
}
