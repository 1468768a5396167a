import type { Json, ModelError } from "@plugboard/core";
import { failureInBand } from "../failure.ts";
import type { FailureContext } from "../failure.ts";
import { objectOf, stringOf } from "../narrow.ts";
import { parseJson } from "../parse-json.ts";

/**
 * The failure that an exception in an AWS event stream tells of.
 *
 * @param payload - of the message
 * @param type - of the exception, as `exceptionOf` gives it
 */
export function exceptionFailure(payload: string, type: string, context: FailureContext): ModelError {
  let body: Json;
  try {
    body = parseJson(payload);
  } catch {
    body = payload;
  }
  const told = objectOf(body) ?? { message: stringOf(body) || `The answer broke off: ${type}.` };
  return failureInBand({ ...told, __type: type }, context);
}
