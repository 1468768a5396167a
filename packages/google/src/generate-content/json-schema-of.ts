import type { Json, JsonObject, JsonSchema } from "@plugboard/core";
import { listOf, objectOf, stringOf } from "@plugboard/wire";

/** A schema of Google's own kind as JSON Schema: types in lower case, null as a type, keywords in camel case. */
export function jsonSchemaOf(schema: JsonObject): JsonSchema {
  const written: Record<string, Json> = {};
  for (const [key, member] of Object.entries(schema)) {
    const name = key.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    if (member === undefined || member === null || left.has(name)) continue;
    if (name === "type") written["type"] = (stringOf(member) ?? "").toLowerCase();
    else if (name === "items") written["items"] = jsonSchemaOf(objectOf(member) ?? {});
    else if (name === "anyOf") written["anyOf"] = listOf(member).map((branch) => jsonSchemaOf(objectOf(branch) ?? {}));
    else if (name === "properties") {
      const properties = Object.entries(objectOf(member) ?? {});
      written["properties"] = Object.fromEntries(
        properties.map(([property, inner]) => [property, jsonSchemaOf(objectOf(inner) ?? {})]),
      );
    } else if (counts.has(name)) written[name] = Number(member); // 64 bits are texts in JSON
    else written[name] = member;
  }
  return schema["nullable"] === true ? nullable(written) : written;
}

const left: ReadonlySet<string> = new Set(["nullable", "propertyOrdering", "example"]);
const counts: ReadonlySet<string> = new Set([
  "minItems",
  "maxItems",
  "minLength",
  "maxLength",
  "minProperties",
  "maxProperties",
]);

function nullable(schema: Record<string, Json>): JsonSchema {
  const { type, enum: choices } = schema;
  if (typeof type !== "string") return { anyOf: [schema, { type: "null" }] };
  return { ...schema, type: [type, "null"], ...(choices !== undefined && { enum: [...listOf(choices), null] }) };
}
