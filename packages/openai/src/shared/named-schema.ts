import type { Json, JsonSchema, OutputSchema } from "@plugboard/core";
import { whyNotStrict } from "./strict-schema.ts";
import type { Writing } from "./writing.ts";
import { warn } from "./writing.ts";

/**
 * The schema of an answer with its name, strict where it can be.
 *
 * @param strict - whether the vendor has a strict mode
 */
export function namedSchema(
  schema: JsonSchema,
  { name = "output", description }: OutputSchema,
  writing: Writing,
  strict: boolean,
): Record<string, Json> {
  const flaw = strict ? whyNotStrict(schema) : undefined;
  if (flaw) warn(writing, "adapted", "output.schema", `The answer is not held strictly to the schema: ${flaw}.`);
  const named = name.replace(/[^a-zA-Z0-9_-]/g, "_").slice(0, 64) || "output";
  if (named !== name) warn(writing, "adapted", "output.name", `The schema is called ${named} on the wire.`);
  return {
    name: named,
    ...(description !== undefined && { description }),
    schema,
    ...(strict && { strict: !flaw }),
  };
}
