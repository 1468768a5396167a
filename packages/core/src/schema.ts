import type { JsonSchema } from "./json.ts";
import type { StandardIssue, StandardJsonSchema, StandardSchema } from "./standard-schema.ts";
import { closeObjects } from "./close-objects.ts";
import { ModelError } from "./error.ts";

/** A validator of any library that speaks Standard Schema, with the JSON Schema that a model is told. */
export interface SchemaPair<Input = unknown, Output = Input> {
  readonly schema: StandardSchema<Input, Output>;
  /** Told as it stands, draft 2020-12. */
  readonly jsonSchema: JsonSchema;
}

/**
 * What a value must look like: a schema that can say so in JSON Schema (zod from 4.2 on), or a validator with a JSON Schema by hand.
 *
 * @example
 * const city = z.object({ name: z.string() });
 * const same = { schema: anyStandardSchema, jsonSchema: { type: "object", properties: { name: { type: "string" } } } };
 */
export type Schema<Input = unknown, Output = Input> = StandardJsonSchema<Input, Output> | SchemaPair<Input, Output>;

type TypesOf<Of> =
  Of extends SchemaPair<infer Input, infer Output>
    ? { input: Input; output: Output }
    : Of extends StandardSchema<infer Input, infer Output>
      ? { input: Input; output: Output }
      : never;

/** What a model writes to fit a schema, before defaults and transforms. */
export type SchemaInput<Of extends Schema> = TypesOf<Of>["input"];

/** What the application gets, after defaults and transforms. */
export type SchemaOutput<Of extends Schema> = TypesOf<Of>["output"];

/** A checked value, or why it does not fit. */
export type Checked<Output> = { readonly value: Output } | { readonly issues: readonly StandardIssue[] };

/** A schema, ready for both sides: the words for the model, and the check of what it wrote. */
export interface CompiledSchema<Output> {
  /** The words for the model. */
  readonly jsonSchema: JsonSchema;
  /** Checks what came, with the defaults and transforms of the schema. */
  check(value: unknown): Promise<Checked<Output>>;
}

/**
 * Compiles a schema; `owner` is what it belongs to, in the words of an error: `the tool "weather"`.
 *
 * @throws {ModelError} `unsupported` if it cannot be expressed as JSON Schema
 */
export function compileSchema<Of extends Schema>(schema: Of, owner: string): CompiledSchema<SchemaOutput<Of>> {
  const given: Schema = schema;
  const standard: StandardSchema | undefined = isPair(given) ? given.schema : given;
  const props = standard?.["~standard"];
  if (typeof props?.validate !== "function") {
    throw unsupported(owner, "must be a Standard Schema, such as one of zod 4, or `{ schema, jsonSchema }`");
  }
  return {
    jsonSchema: isPair(given) ? plain(given.jsonSchema, owner) : closeObjects(jsonSchemaOf(given, owner)),
    async check(value) {
      const outcome = await props.validate(value);
      return outcome.issues ? { issues: outcome.issues } : { value: outcome.value as SchemaOutput<Of> };
    },
  };
}

function isPair(schema: Schema): schema is SchemaPair {
  return !("~standard" in schema);
}

function jsonSchemaOf(schema: StandardJsonSchema, owner: string): JsonSchema {
  const { vendor, jsonSchema } = schema["~standard"];
  // Said by the types, but not by every version of a library.
  if (typeof jsonSchema?.input !== "function") {
    throw unsupported(owner, `offers no JSON Schema (it is of ${vendor}); pass \`{ schema, jsonSchema }\``);
  }
  let written: unknown;
  try {
    written = jsonSchema.input({ target: "draft-2020-12" });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw unsupported(owner, `cannot be expressed as JSON Schema: ${why}`, cause);
  }
  return plain(written, owner);
}

/** As plain data, without the note which draft it is of: some providers refuse that. */
function plain(written: unknown, owner: string): JsonSchema {
  let schema: unknown;
  try {
    schema = JSON.parse(JSON.stringify(written));
  } catch (cause) {
    throw unsupported(owner, "gives a JSON Schema that is not plain data", cause);
  }
  if (typeof schema !== "object" || schema === null || Array.isArray(schema)) {
    throw unsupported(owner, "gives a JSON Schema that is not an object");
  }
  const { $schema: _, ...rest } = schema as JsonSchema;
  return rest;
}

function unsupported(owner: string, why: string, cause?: unknown): ModelError {
  return new ModelError(`The schema of ${owner} ${why}.`, {
    code: "unsupported",
    ...(cause !== undefined && { cause }),
  });
}
