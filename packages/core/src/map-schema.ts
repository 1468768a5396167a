import type { Json, JsonObject, JsonSchema } from "./json.ts";

/** Keywords whose members are schemas by name. */
const named: ReadonlySet<string> = new Set([
  "properties",
  "patternProperties",
  "$defs",
  "definitions",
  "dependentSchemas",
]);

/** Keywords that hold data, in which nothing is a keyword. */
const data: ReadonlySet<string> = new Set(["const", "enum", "default", "examples", "required"]);

/** Changes every schema inside a schema, inner ones first; `change` is told the keyword that it stands under, "" for the root. */
export function mapSchema(
  schema: JsonSchema,
  change: (schema: JsonSchema, keyword: string) => JsonSchema,
  under = "",
): JsonSchema {
  const mapped: Record<string, Json | undefined> = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (data.has(keyword)) mapped[keyword] = value;
    else if (named.has(keyword) && isObject(value)) {
      mapped[keyword] = Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, map(inner, keyword)]));
    } else if (Array.isArray(value)) mapped[keyword] = value.map((inner: Json) => map(inner, keyword)!);
    else mapped[keyword] = map(value, keyword);
  }
  return change(mapped, under);

  function map(value: Json | undefined, keyword: string): Json | undefined {
    return isObject(value) ? mapSchema(value, change, keyword) : value;
  }
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
