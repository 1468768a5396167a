import type { Json, JsonObject } from "@plugboard/core";
import { ModelError } from "@plugboard/core";
import { objectOf } from "./narrow.ts";
import { parseJson } from "./parse-json.ts";

/**
 * The object that an event of a stream is.
 *
 * @throws {ModelError} `parse` for one that is no JSON, or no object
 */
export function parseEvent(
  data: string,
  { provider, model }: { readonly provider: string; readonly model: string },
): JsonObject {
  let value: Json;
  try {
    value = parseJson(data);
  } catch (cause) {
    throw new ModelError("An event of the stream is not JSON.", { code: "parse", provider, model, cause });
  }
  const event = objectOf(value);
  if (!event) throw new ModelError("An event of the stream is not an object.", { code: "parse", provider, model });
  return event;
}
