import type { EmbeddingResult, Json, Start } from "@plugboard/core";
import { ModelError } from "@plugboard/core";
import { failureInBand } from "@plugboard/wire";
import { failures } from "../chat/failures.ts";
import { isObject } from "../chat/is-object.ts";

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
  if (!isObject(body)) throw notEmbed("it is no object");
  const { error, embeddings, model, prompt_eval_count: input } = body;
  if (error !== undefined && error !== null) throw failureInBand(error, { provider: "ollama", rules: failures });
  if (!isListOf(embeddings, isVector)) throw notEmbed("`embeddings` is no list of lists of numbers");
  return {
    model: typeof model === "string" && model !== "" ? model : asked,
    embeddings,
    usage: typeof input === "number" ? { input } : {},
    warnings,
    ...(headers && { headers }),
  };
}

function isVector(value: Json): value is readonly number[] {
  return isListOf(value, (item): item is number => typeof item === "number");
}

function isListOf<Item extends Json>(
  value: Json | undefined,
  is: (item: Json) => item is Item,
): value is readonly Item[] {
  return Array.isArray(value) && (value as readonly Json[]).every(is);
}

function notEmbed(what: string): ModelError {
  return new ModelError(`Ollama's answer has no embeddings: ${what}.`, { code: "parse", provider: "ollama" });
}
