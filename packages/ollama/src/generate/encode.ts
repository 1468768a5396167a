import type { JsonObject, ModelRequest } from "@plugboard/core";
import { mergeProviderOptions, textBeforeGap } from "@plugboard/wire";
import type { EncodedChat } from "../chat/encode.ts";
import { encodeOptions } from "../chat/encode.ts";

/**
 * A request with a suffix as the body of `/api/generate`: the last message, the user's, is what stands before the gap. Ollama puts
 * both into the template of the model, and refuses a model whose template has no place for a suffix.
 *
 * @throws {ModelError} `unsupported`, for a last message that is not the user's, or has a file in it
 */
export function encodeGenerate(model: string, request: ModelRequest, suffix: string): EncodedChat {
  const { prefix, warnings } = textBeforeGap(request, { provider: "ollama", model });
  const options = encodeOptions(request);
  const body: JsonObject = {
    model,
    prompt: prefix,
    suffix,
    stream: request.stream === true, // Ollama streams unless told not to
    ...(options && { options }),
  };
  return { body: mergeProviderOptions(body, request.providerOptions?.["ollama"]), warnings };
}
