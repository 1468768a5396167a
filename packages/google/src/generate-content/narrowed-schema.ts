import type { Json, JsonSchema } from "@plugboard/core";
import type { GeminiSchema } from "./schema-remarks.ts";
import { listOf, objectOf, stringOf } from "@plugboard/wire";
import { exclusive, tell } from "./schema-remarks.ts";

// https://ai.google.dev/gemini-api/docs/structured-output, read in November 2026.
const kept: ReadonlySet<string> = new Set([
  "$id",
  "$anchor",
  "title",
  "description",
  "enum",
  "minItems",
  "maxItems",
  "minimum",
  "maximum",
  "required",
  "default",
]);
const formats: ReadonlySet<string> = new Set(["date-time", "date", "time"]);
const named: ReadonlySet<string> = new Set(["properties", "$defs", "definitions"]);
const inner: ReadonlySet<string> = new Set(["items", "additionalProperties"]);
const lists: ReadonlySet<string> = new Set(["anyOf", "oneOf", "prefixItems"]);
const unsaid: ReadonlySet<string> = new Set(["$schema", "$comment", "examples", "deprecated", "readOnly", "writeOnly"]);

/** The schema as JSON Schema, with what Google knows of that; the rest stands in the descriptions. */
export function narrowedSchema(schema: JsonSchema): GeminiSchema {
  const told = new Set<string>();
  return { schema: narrow(schema, told), told: [...told] };
}

function narrow(value: Json | undefined, told: Set<string>): JsonSchema {
  const schema = objectOf(value);
  if (!schema) return {}; // `true` is any value
  const reference = stringOf(schema["$ref"]);
  // Beside a reference nothing else may stand.
  const strict: Record<string, Json> = {};
  const remarks: string[] = [];
  for (const [name, member] of Object.entries(schema)) {
    if (member === undefined || unsaid.has(name)) continue;
    if (reference !== undefined && !named.has(name)) continue;
    if (named.has(name)) {
      const members = Object.entries(objectOf(member) ?? {});
      strict[name === "definitions" ? "$defs" : name] = Object.fromEntries(
        members.map(([key, property]) => [key, narrow(property, told)]),
      );
    } else if (inner.has(name)) strict[name] = typeof member === "boolean" ? member : narrow(member, told);
    else if (lists.has(name)) strict[name] = listOf(member).map((branch) => narrow(branch, told));
    else if (name === "allOf" && listOf(member).length === 1) Object.assign(strict, narrow(listOf(member)[0], told));
    else if (name === "const" && (typeof member === "string" || typeof member === "number")) strict["enum"] = [member];
    else if (name === "type") strict["type"] = Array.isArray(member) ? member.map(lowerCase) : lowerCase(member);
    else if (kept.has(name) || (name === "format" && formats.has(member as string))) strict[name] = member;
    else if (!exclusive(name, member, lowerCase(schema["type"] ?? null), strict)) {
      told.add(name);
      remarks.push(`${name}: ${JSON.stringify(member)}`);
    }
  }
  if (reference !== undefined) strict["$ref"] = reference.replace("#/definitions/", "#/$defs/");
  tell(schema, remarks, strict);
  return strict;
}

/** Google writes types in capitals. */
function lowerCase(type: Json): string {
  return (stringOf(type) ?? "").toLowerCase();
}
