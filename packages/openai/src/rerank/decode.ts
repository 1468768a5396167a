import { ModelError } from "@plugboard/core";
import type { Json, JsonObject, RerankResult, Start, Usage } from "@plugboard/core";
import { countOf, failureInBand, objectOf, stringOf } from "@plugboard/wire";
import { isList, isObject } from "../shared/fields.ts";

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
  const results = whole["results"] ?? whole["data"];
  if (!isList(results)) throw unreadable(decoding, "it has no `results`");

  const ranking = results.map((item, place) => scoreOf(item, `results[${place}]`, decoding));
  ranking.sort((one, other) => other.score - one.score);
  return {
    model: stringOf(model) || decoding.model,
    ranking: decoding.limit === undefined ? ranking : ranking.slice(0, decoding.limit),
    usage: usageOf(objectOf(usage), objectOf(meta)),
    warnings,
    ...(headers && { headers }),
  };
}

function scoreOf(
  item: Json,
  path: string,
  decoding: RerankDecoding,
): { readonly index: number; readonly score: number } {
  if (!isObject(item)) throw unreadable(decoding, `\`${path}\` is not an object`);
  const index = countOf(item["index"]);
  const score = item["relevance_score"] ?? item["score"];
  if (index === undefined) throw unreadable(decoding, `\`${path}.index\` is no place in the documents`);
  if (typeof score !== "number") throw unreadable(decoding, `\`${path}\` has no score`);
  return { index, score };
}

/** Tokens where they are told. Cohere bills searches, of up to 100 documents each. */
function usageOf(usage: JsonObject = {}, meta: JsonObject = {}): Usage {
  const input =
    countOf(usage["prompt_tokens"]) ||
    (countOf(usage["total_tokens"]) ?? countOf(objectOf(meta["tokens"])?.["input_tokens"]));
  const searches = countOf(objectOf(meta["billed_units"])?.["search_units"]);
  return {
    ...(input !== undefined && { input }),
    ...(searches !== undefined && { serverTools: { search_units: searches } }),
  };
}

function unreadable({ provider, model }: RerankDecoding, how: string): ModelError {
  return new ModelError(`The answer of ${provider} has no ranking: ${how}.`, { code: "parse", provider, model });
}
