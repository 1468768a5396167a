import type { Json, JsonSchema } from "./json.ts";
import { mapSchema } from "./map-schema.ts";

/** A schema with an object at its root, and whether that object is ours. */
export interface ObjectRoot {
  readonly jsonSchema: JsonSchema;
  /** The value asked for is the `value` of an object, since strict modes want an object at the root. */
  readonly wrapped: boolean;
}

/** Puts a list, a scalar or a choice into an object; one that is an object stays as it is. */
export function objectRoot(schema: JsonSchema): ObjectRoot {
  if (schema["type"] === "object") return { jsonSchema: schema, wrapped: false };
  const { $defs, definitions, ...value } = mapSchema(schema, redirect);
  return {
    wrapped: true,
    jsonSchema: {
      type: "object",
      properties: { value },
      required: ["value"],
      additionalProperties: false,
      ...($defs !== undefined && { $defs }),
      ...(definitions !== undefined && { definitions }),
    },
  };
}

/** What pointed at the root points at where that is now; definitions stay at the root. */
function redirect(schema: JsonSchema): JsonSchema {
  const { $ref } = schema;
  if (typeof $ref !== "string" || !/^#(?!\/\$defs\/|\/definitions\/)/.test($ref)) return schema;
  const moved: Json = `#/properties/value${$ref.slice(1)}`;
  return { ...schema, $ref: moved };
}
