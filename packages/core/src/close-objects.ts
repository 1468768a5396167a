import type { JsonSchema } from "./json.ts";
import { mapSchema } from "./map-schema.ts";

/**
 * Says of every object that lists its properties that it has no others, where the schema leaves it open.
 *
 * Libraries write down what they accept, and mostly accept unknown keys and drop them; a model that is told so invents some, and
 * strict modes refuse to hold it to such a schema. Members of `allOf` stay open: each would forbid the properties of the others.
 */
export function closeObjects(schema: JsonSchema): JsonSchema {
  return mapSchema(schema, (part, keyword) => {
    const open = part["additionalProperties"] === undefined && part["unevaluatedProperties"] === undefined;
    const listed =
      part["properties"] !== undefined && part["allOf"] === undefined && part["patternProperties"] === undefined;
    return open && listed && !applied.has(keyword) ? { ...part, additionalProperties: false } : part;
  });
}

/** Keywords whose schemas are applied to a value that others describe too. */
const applied: ReadonlySet<string> = new Set(["allOf", "not", "if", "then", "else", "dependentSchemas"]);
