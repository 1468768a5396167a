import type { EmbeddingResult, Json, Start } from "@plugboard/core";
import { ModelError } from "@plugboard/core";
import { failureInBand, objectOf, stringOf, vectorsOf, countOf } from "@plugboard/wire";
import { failures } from "../chat/failures.ts";

/**
 * The vectors of an answer, in the order of the texts.
 *
 * @throws {ModelError} what Ollama says went wrong; `parse` when there are no vectors in it
 */
export function decodeEmbed(
  body: Json,
  asked: string,
  { headers, warnings = [] }: Pick<Start, "headers" | "warnings">,
): EmbeddingResult {
  const answer = objectOf(body);
  if (!answer) throw notEmbed("it is no object");
  const { error, model } = answer;
  if (error !== undefined && error !== null) throw failureInBand(error, { provider: "ollama", rules: failures });
  const embeddings = vectorsOf(answer["embeddings"]);
  if (!embeddings) throw notEmbed("`embeddings` is no list of lists of numbers");
  const input = countOf(answer["prompt_eval_count"]);
  return {
    model: stringOf(model) || asked,
    embeddings,
    usage: input === undefined ? {} : { input },
    warnings,
    ...(headers && { headers }),
  };
}

function notEmbed(what: string): ModelError {
  return new ModelError(`Ollama's answer has no embeddings: ${what}.`, { code: "parse", provider: "ollama" });
}
