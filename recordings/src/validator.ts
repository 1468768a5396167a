import { pathToFileURL } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import { test } from "vitest";
import { sharedHas, sharedPath } from "./shared-path.ts";

/** What does not fit a provider's schema. */
export interface SchemaError {
  /** A JSON pointer into the body. */
  readonly path: string;
  readonly message: string;
  /** The member that is not allowed. */
  readonly property?: string;
}

/**
 * Says what in a body does not fit; nothing where all does.
 *
 * @param schema - a folder of the schemas: `openai-chat`, `anthropic-messages`
 * @param operation - where a provider has several: `embed`
 */
export type SchemaCheck = (schema: string, body: unknown, operation?: string) => readonly SchemaError[];

/** Holds bodies against the schemas of the providers. */
export interface Validator {
  readonly requestErrors: SchemaCheck;
  readonly responseErrors: SchemaCheck;
  readonly eventErrors: SchemaCheck;
  readonly errorErrors: SchemaCheck;
}

type SharedCheck = (schema: string, body: unknown, options: { readonly operation?: string }) => readonly SchemaError[];

interface SharedModule {
  readonly createValidator: (options: { readonly Ajv: typeof Ajv2020 }) => Promise<{
    readonly validateRequest: SharedCheck;
    readonly validateResponse: SharedCheck;
    readonly validateStreamEvent: SharedCheck;
    readonly validateError: SharedCheck;
  }>;
}

/** The validator over the shared schemas; `undefined`, and a skipped test that says so, where they are not there. */
export async function validator(): Promise<Validator | undefined> {
  if (!sharedHas("specs", "validate.mjs")) {
    test(
      `bodies are held against the providers' schemas; skipped: ${sharedPath("specs")} is not there`,
      { skip: true },
      () => {},
    );
    return undefined;
  }
  const { createValidator } = (await import(pathToFileURL(sharedPath("specs", "validate.mjs")).href)) as SharedModule;
  const shared = await createValidator({ Ajv: Ajv2020 });
  return {
    requestErrors: named(shared.validateRequest),
    responseErrors: named(shared.validateResponse),
    eventErrors: named(shared.validateStreamEvent),
    errorErrors: named(shared.validateError),
  };
}

function named(check: SharedCheck): SchemaCheck {
  return (schema, body, operation) => check(schema, body, operation === undefined ? {} : { operation });
}
