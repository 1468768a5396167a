import type { Json, JsonObject } from "@plugboard/core";

/** Whether it is a JSON object: neither a list nor null. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
