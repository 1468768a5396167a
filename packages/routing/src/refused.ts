import { ModelError } from "@plugboard/core";

/** Why something cannot be meant: an `invalid-request`, thrown when the model is made rather than when it is used. */
export function refused(sentence: string, cause?: unknown): ModelError {
  return new ModelError(sentence, { code: "invalid-request", ...(cause !== undefined && { cause }) });
}
