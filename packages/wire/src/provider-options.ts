import type { Json, JsonObject } from "@plugboard/core";

/**
 * Puts the caller's own fields over a body: objects are merged, member by member; anything else, lists too, is replaced. `undefined`
 * takes nothing away.
 *
 * @example
 * mergeProviderOptions({ model: "a", stream_options: { include_usage: true } }, { stream_options: { extra: 1 }, user: "u" });
 * // { model: "a", stream_options: { include_usage: true, extra: 1 }, user: "u" }
 */
export function mergeProviderOptions(body: JsonObject, options: JsonObject | undefined): JsonObject {
  if (!options) return body;
  const merged: Record<string, Json | undefined> = { ...body };
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || name === "__proto__") continue;
    const before = merged[name];
    merged[name] = isObject(value) && isObject(before) ? mergeProviderOptions(before, value) : value;
  }
  return merged;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
