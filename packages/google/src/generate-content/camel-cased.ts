import type { Json } from "@plugboard/core";
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
