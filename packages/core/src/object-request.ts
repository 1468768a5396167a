import type { OutputSchema, ModelRequest } from "./request.ts";
import type { CompiledSchema, Schema, SchemaOutput } from "./schema.ts";
import { objectRoot } from "./object-root.ts";
import { compileSchema } from "./schema.ts";

/** A request whose answer is a value of a schema. */
export interface ObjectRequest<Of extends Schema> extends Omit<ModelRequest, "output" | "stream"> {
  /** What the answer must look like. Need not be an object: a list, a scalar or a choice is asked for inside one, and taken out. */
  readonly schema: Of;
  /** What it is called, for the provider and the model: letters, digits, `_` and `-`. @default "output" */
  readonly name?: string;
  /** What it is for, for the model. */
  readonly description?: string;
}

/** What is asked for, in the words of the contract, and how to take it out of what is answered. */
export interface ObjectPlan<Output> {
  readonly output: OutputSchema;
  readonly schema: CompiledSchema<Output>;
  /** The value is the `value` of an object of ours. */
  readonly wrapped: boolean;
}

/** @throws {ModelError} `unsupported` if the schema cannot be expressed as JSON Schema */
export function planObject<Of extends Schema>(
  schema: Of,
  name: string | undefined,
  description: string | undefined,
): ObjectPlan<SchemaOutput<Of>> {
  const compiled = compileSchema(schema, name === undefined ? "this request" : `"${name}"`);
  const { jsonSchema, wrapped } = objectRoot(compiled.jsonSchema);
  return {
    schema: compiled,
    wrapped,
    output: {
      schema: jsonSchema,
      ...(name !== undefined && { name }),
      ...(description !== undefined && { description }),
    },
  };
}
