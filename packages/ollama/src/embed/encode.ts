import type { EmbeddingInput, JsonObject, Warning } from "@plugboard/core";
import { mergeProviderOptions } from "@plugboard/wire";

/**
 * Texts to embed as the body of `/api/embed`. Ollama cuts texts that are too long, and says nothing; so it is asked to refuse them,
 * unless the caller's own options say otherwise.
 */
export function encodeEmbed(
  model: string,
  { values, dimensions, purpose, providerOptions }: EmbeddingInput,
): { readonly body: JsonObject; readonly warnings: readonly Warning[] } {
  const warnings: Warning[] = [];
  if (purpose !== undefined) {
    warnings.push({ code: "dropped", path: "purpose", message: "Ollama is not told what vectors are for." });
  }
  const body: JsonObject = { model, input: values, truncate: false, ...(dimensions !== undefined && { dimensions }) };
  return { body: mergeProviderOptions(body, providerOptions?.["ollama"]), warnings };
}
