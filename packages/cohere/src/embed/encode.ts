import type { EmbeddingInput, JsonObject, Warning } from "@plugboard/core";
import { cohereEmbedding, mergeProviderOptions } from "@plugboard/wire";
import { owner } from "../account.ts";

/** Writes texts to embed as a body of `/v2/embed`. `providerOptions.cohere` has the last word. */
export function encodeEmbed(
  model: string,
  input: EmbeddingInput,
  catalogId: string = model,
): { readonly body: JsonObject; readonly warnings: readonly Warning[] } {
  const { body, warnings } = cohereEmbedding(input, catalogId);
  return { body: mergeProviderOptions({ model, ...body }, input.providerOptions?.[owner]), warnings };
}
