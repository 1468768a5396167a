import type { Json, JsonObject } from "@plugboard/core";
import { ModelError } from "@plugboard/core";
import { objectOf } from "@plugboard/wire";

/**
 * A body with the names of members in camel case: clients may write `system_instruction` too. What the application names itself
 * (arguments, schemas, results) stays as it is.
 */
export function camelCased(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(camelCased);
  const object = objectOf(value);
  if (!object) return value;
  const cased: Record<string, Json> = {};
  for (const [name, member] of Object.entries(object)) {
    if (member === undefined || member === null) continue; // null is what leaving it out means
    const camel = name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    cased[camel] = foreign.has(camel) ? member : camelCased(member);
  }
  return cased;
}

const foreign: ReadonlySet<string> = new Set([
  "args",
  "response",
  "parametersJsonSchema",
  "responseJsonSchema",
  "properties",
  "partMetadata",
]);

/** The items of a list. */
export function itemsAt(value: Json | undefined, path: string): readonly Json[] {
  if (!Array.isArray(value)) throw refused(path, "a list", value);
  return value as readonly Json[];
}

/** An object. */
export function objectAt(value: Json | undefined, path: string): JsonObject {
  const object = objectOf(value);
  if (!object) throw refused(path, "an object", value);
  return object;
}

/** A member that is a number, or `undefined` where there is none. */
export function numberAt(object: JsonObject, name: string, path: string): number | undefined {
  const value = object[name];
  if (value === undefined) return undefined;
  if (typeof value === "number") return value;
  throw refused(`${path}.${name}`, "a number", value);
}

/** Says what is wrong with a field of a request, and what would be right. */
export function refused(field: string, wanted: string, got: Json | undefined): ModelError {
  const shown = got === undefined ? "not there" : JSON.stringify(got).slice(0, 80);
  return new ModelError(`${field}: must be ${wanted}; it is ${shown}.`, { code: "invalid-request" });
}
