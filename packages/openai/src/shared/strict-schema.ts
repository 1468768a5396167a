import type { Json, JsonSchema } from "@plugboard/core";

/** What strict mode reads; https://platform.openai.com/docs/guides/structured-outputs#supported-schemas. */
const keywords: ReadonlySet<string> = new Set(
  `$schema $defs definitions $ref title description type enum const anyOf properties required additionalProperties items
  minItems maxItems pattern format multipleOf minimum maximum exclusiveMinimum exclusiveMaximum`.split(/\s+/),
);

const formats = new Set(["date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"]);

/** How deep objects and lists may be nested. */
const deepest = 10;

/** Why a schema cannot be strict, in a few words with the place; `undefined` if it can. */
export function whyNotStrict(schema: JsonSchema): string | undefined {
  if (schema["type"] !== "object") return "the root is not an object";
  return flaw(schema, "the root", 0);
}

function flaw(schema: Json | undefined, place: string, depth: number): string | undefined {
  if (typeof schema === "boolean") return `${place} is open`;
  if (!isObject(schema)) return undefined;
  if (depth > deepest) return `${place} is nested more than ${deepest} deep`;

  for (const name of Object.keys(schema)) if (!keywords.has(name)) return `\`${name}\` at ${place}`;
  if (!["type", "$ref", "anyOf", "enum", "const"].some((name) => name in schema)) return `${place} may be anything`;
  const { format, pattern, properties, items, anyOf } = schema;
  if (typeof format === "string" && !formats.has(format)) return `the format \`${format}\` at ${place}`;
  if (typeof pattern === "string" && /\(\?[=!<]/.test(pattern)) return `a pattern that looks around at ${place}`;
  if (schema["type"] === "object" || properties) {
    if (schema["additionalProperties"] !== false) return `${place} takes additional properties`;
    const required = Array.isArray(schema["required"]) ? schema["required"] : [];
    const optional = Object.keys(isObject(properties) ? properties : {}).find((name) => !required.includes(name));
    if (optional !== undefined) return `\`${optional}\` at ${place} is optional`;
  }
  return (
    flawOfMembers(properties, place, depth) ??
    flawOfMembers(schema["$defs"], place, depth) ??
    flawOfMembers(schema["definitions"], place, depth) ??
    (Array.isArray(items) ? `a list of schemas at ${place}` : flaw(items, `the items of ${place}`, depth + 1)) ??
    (Array.isArray(anyOf) ? anyOf.map((choice) => flaw(choice, place, depth)).find(Boolean) : undefined)
  );
}

function flawOfMembers(members: Json | undefined, place: string, depth: number): string | undefined {
  if (!isObject(members)) return undefined;
  const at = (name: string): string => (place === "the root" ? name : `${place}.${name}`);
  for (const [name, schema] of Object.entries(members)) {
    const found = flaw(schema, at(name), depth + 1);
    if (found) return found;
  }
  return undefined;
}

function isObject(value: Json | undefined): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
