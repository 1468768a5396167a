/**
 * What a schema library offers so that others can check values with it: Standard Schema, version 1 (standardschema.dev).
 * Written down here as types, so that nothing is depended on.
 */
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly "~standard": StandardSchemaProps<Input, Output>;
}

/** The members of a {@link StandardSchema}. */
export interface StandardSchemaProps<Input = unknown, Output = Input> {
  readonly version: 1;
  /** The name of the library. */
  readonly vendor: string;
  /** Checks a value. */
  readonly validate: (value: unknown) => StandardOutcome<Output> | Promise<StandardOutcome<Output>>;
  /** For the compiler alone; there is nothing here at run time. */
  readonly types?: { readonly input: Input; readonly output: Output } | undefined;
}

/** A checked value, or why it does not fit. */
export type StandardOutcome<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] };

/** One reason why a value does not fit. */
export interface StandardIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** A schema that can also say what it wants as JSON Schema: Standard JSON Schema, version 1. zod offers it from 4.2 on. */
export interface StandardJsonSchema<Input = unknown, Output = Input> {
  readonly "~standard": StandardSchemaProps<Input, Output> & {
    readonly jsonSchema: {
      /** What goes into the schema, before defaults and transforms. Throws where JSON Schema has no word for it. */
      readonly input: (options: { readonly target: "draft-2020-12" }) => Record<string, unknown>;
    };
  };
}
