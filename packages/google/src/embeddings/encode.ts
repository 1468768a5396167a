import type { EmbeddingInput, Json, JsonObject } from "@plugboard/core";
import { mergeProviderOptions } from "@plugboard/wire";
import { resourceOf } from "../generate-content/address.ts";
import { owner } from "../generate-content/messages.ts";
import type { EmbeddingRules } from "./dialect.ts";
import { taskTypes, taskWords } from "./dialect.ts";

/** Texts to embed in Google's words. */
export interface EncodedEmbedding {
  readonly method: "embedContent" | "batchEmbedContents" | "predict";
  readonly body: JsonObject;
}

/**
 * Writes texts to embed. What the application wrote for Google goes over it: on the Gemini API with each text (`title`), on Vertex AI
 * with the body (`parameters`, `embedContentConfig`), where texts that are too long are refused unless that says otherwise.
 */
export function encodeEmbedding(
  { values, dimensions, purpose, providerOptions }: EmbeddingInput,
  { form, purpose: told }: EmbeddingRules,
  model: string,
): EncodedEmbedding {
  const own = providerOptions?.[owner];
  const before = purpose !== undefined && told === "words" ? taskWords[purpose] : "";
  const taskType = purpose !== undefined && told === "name" ? taskTypes[purpose] : undefined;
  const texts = values.map((text) => before + text);

  if (form === "predict") {
    const task = taskType === undefined ? {} : { task_type: taskType };
    const parameters = { autoTruncate: false, ...(dimensions !== undefined && { outputDimensionality: dimensions }) };
    const instances = texts.map((content) => ({ content, ...task }));
    return { method: "predict", body: mergeProviderOptions({ instances, parameters }, own) };
  }

  const settings: Record<string, Json> = {
    ...(taskType !== undefined && { taskType }),
    ...(dimensions !== undefined && { outputDimensionality: dimensions }),
  };
  if (form === "embed-with-config") {
    const body = { content: contentOf(texts[0]!), embedContentConfig: { autoTruncate: false, ...settings } };
    return { method: "embedContent", body: mergeProviderOptions(body, own) };
  }
  const requests = texts.map((text) =>
    mergeProviderOptions({ model: resourceOf(model), content: contentOf(text), ...settings }, own),
  );
  const [first] = requests;
  return requests.length === 1
    ? { method: "embedContent", body: first! }
    : { method: "batchEmbedContents", body: { requests } };
}

function contentOf(text: string): JsonObject {
  return { parts: [{ text }] };
}
