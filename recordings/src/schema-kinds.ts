import type { Json, JsonSchema } from "@plugboard/core";
import { Ajv2020 } from "ajv/dist/2020.js";

/** A kind of schema that applications have, with values that fit. */
export interface SchemaKind {
  readonly schema: JsonSchema;
  readonly fits: readonly Json[];
}

function object(properties: JsonSchema, more: JsonSchema = {}): JsonSchema {
  return { type: "object", properties, required: Object.keys(properties), additionalProperties: false, ...more };
}

const node: JsonSchema = {
  type: "object",
  properties: { name: { type: "string" }, next: { anyOf: [{ $ref: "#/$defs/node" }, { type: "null" }] } },
  required: ["name"],
  additionalProperties: false,
};

/** What applications ask for, by name: an adapter holds a model to it, tells it in words, or finds another way, and a test pins which. */
export const schemaKinds: Readonly<Record<string, SchemaKind>> = {
  plain: {
    schema: object({ city: { type: "string" }, days: { type: "integer" }, warm: { type: "boolean" } }),
    fits: [{ city: "Bern", days: 2, warm: true }],
  },
  optional: {
    schema: object({ city: { type: "string" }, days: { type: "integer" } }, { required: ["city"] }),
    fits: [{ city: "Bern" }, { city: "Bern", days: 2 }],
  },
  nullable: {
    schema: object({ city: { type: ["string", "null"] }, zone: { anyOf: [{ type: "string" }, { type: "null" }] } }),
    fits: [
      { city: null, zone: null },
      { city: "Bern", zone: "CET" },
    ],
  },
  union: {
    schema: object({ pet: { anyOf: [object({ bark: { type: "string" } }), object({ lives: { type: "integer" } })] } }),
    fits: [{ pet: { bark: "loud" } }, { pet: { lives: 9 } }],
  },
  "discriminated union": {
    schema: object({
      pet: {
        oneOf: [
          object({ kind: { const: "dog" }, bark: { type: "string" } }),
          object({ kind: { const: "cat" }, lives: { type: "integer" } }),
        ],
      },
    }),
    fits: [{ pet: { kind: "dog", bark: "loud" } }, { pet: { kind: "cat", lives: 9 } }],
  },
  enum: {
    schema: object({ unit: { type: "string", enum: ["C", "F"] } }),
    fits: [{ unit: "C" }],
  },
  "enum of numbers": { schema: object({ stars: { enum: [1, 2, 3] } }), fits: [{ stars: 2 }] },
  default: { schema: object({ unit: { type: "string", default: "C" } }), fits: [{ unit: "F" }] },
  format: {
    schema: object({ when: { type: "string", format: "date-time" } }),
    fits: [{ when: "2026-11-30T12:00:00Z" }],
  },
  "rare format": { schema: object({ mail: { type: "string", format: "email" } }), fits: [{ mail: "ada@example.org" }] },
  pattern: { schema: object({ code: { type: "string", pattern: "^[A-Z]{3}$" } }), fits: [{ code: "BRN" }] },
  limits: {
    schema: object({
      name: { type: "string", minLength: 1, maxLength: 9 },
      days: { type: "integer", minimum: 1, maximum: 7 },
      tags: { type: "array", items: { type: "string" }, minItems: 2, maxItems: 3 },
    }),
    fits: [{ name: "Bern", days: 2, tags: ["a", "b"] }],
  },
  reference: {
    schema: object(
      { from: { $ref: "#/$defs/city" }, to: { $ref: "#/$defs/city" } },
      { $defs: { city: { type: "string" } } },
    ),
    fits: [{ from: "Bern", to: "Basel" }],
  },
  recursion: {
    schema: object({ root: { $ref: "#/$defs/node" } }, { $defs: { node } }),
    fits: [{ root: { name: "a", next: { name: "b", next: null } } }],
  },
  record: {
    schema: { type: "object", additionalProperties: { type: "number" } },
    fits: [{ a: 1, b: 2 }, {}],
  },
  "record within": {
    schema: object({ counts: { type: "object", additionalProperties: { type: "number" } } }),
    fits: [{ counts: { a: 1 } }],
  },
  "open object": {
    schema: {
      type: "object",
      properties: { city: { type: "string" } },
      required: ["city"],
      additionalProperties: true,
    },
    fits: [{ city: "Bern", more: [1] }],
  },
  tuple: {
    schema: object({ at: { type: "array", prefixItems: [{ type: "number" }, { type: "number" }], items: false } }),
    fits: [{ at: [1, 2] }],
  },
  anything: { schema: object({ value: {} }), fits: [{ value: [1, "a"] }] },
  list: { schema: { type: "array", items: { type: "string" } }, fits: [["a", "b"], []] },
  "list of references": {
    schema: { type: "array", items: { $ref: "#/$defs/city" }, $defs: { city: { type: "string" } } },
    fits: [["a"]],
  },
  text: { schema: { type: "string" }, fits: ["a"] },
};

/** Whether a value is as a JSON Schema says; formats are not looked at. */
export function fitsSchema(schema: JsonSchema, value: Json): boolean {
  return new Ajv2020({ strict: false, validateFormats: false }).validate(schema, value);
}
