import type { EmbeddingResult, Json, Start } from "@plugboard/core";
import { ModelError } from "@plugboard/core";
import { cohereUsage, cohereVectors, objectOf } from "@plugboard/wire";
import { owner } from "../account.ts";

/**
 * The vectors of an answer, in the order of the texts.
 *
 * @param model - what was asked; Cohere's answers do not name it
 * @throws {ModelError} `parse` when there are no vectors in it
 */
export function decodeEmbed(
  body: Json,
  model: string,
  { headers, warnings = [] }: Pick<Start, "headers" | "warnings">,
): EmbeddingResult {
  const answer = objectOf(body);
  const embeddings = cohereVectors(answer?.["embeddings"]);
  if (!answer || !embeddings) {
    const message = "Cohere's answer has no `embeddings` that are lists of numbers.";
    throw new ModelError(message, { code: "parse", provider: owner, model });
  }
  return { model, embeddings, usage: cohereUsage(answer["meta"]), warnings, ...(headers && { headers }) };
}
