/** Any value that JSON can hold. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object; a member that is `undefined` is not there. */
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/** A JSON Schema, draft 2020-12, as plain data. */
export type JsonSchema = JsonObject;

/**
 * Data that belongs to one provider, keyed by its name: `{ anthropic: { signature: "…" } }`.
 * It is handed back to that provider untouched, and dropped with a warning elsewhere.
 */
export type ProviderData = Readonly<Record<string, JsonObject>>;
