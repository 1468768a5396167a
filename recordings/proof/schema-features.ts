import type { Json, JsonSchema } from "@plugboard/core";

/** One thing that a JSON Schema may say, what stands for it in a body that says so, and values that fit it and do not. */
export interface SchemaFeature {
  readonly schema: JsonSchema;
  /** Found in a body that holds a model to it, in whatever dialect. */
  readonly evidence: RegExp;
  /** In place of it, of a dialect that has no place for a note. */
  readonly narrower?: RegExp;
  readonly fits: Json;
  readonly fails?: Json;
}

/** The value with one member, required. */
function member(of: JsonSchema, more: JsonSchema = {}): JsonSchema {
  return { type: "object", properties: { it: of }, required: ["it"], additionalProperties: false, ...more };
}

const text: JsonSchema = { type: "string" };

/** By name, in the order of the table. */
export const schemaFeatures: Readonly<Record<string, SchemaFeature>> = {
  required: { schema: member(text), evidence: /"required":\["it"\]/, fits: { it: "a" }, fails: {} },
  optional: {
    schema: {
      type: "object",
      properties: { it: text, also: text },
      required: ["it"],
      additionalProperties: false,
    },
    evidence: /"also":/,
    fits: { it: "a" },
    fails: { also: "a" },
  },
  nullable: {
    schema: member({ type: ["string", "null"] }),
    evidence: /"null"|"nullable":true/,
    fits: { it: null },
    fails: { it: 1 },
  },
  "nullable by anyOf": {
    schema: member({ anyOf: [text, { type: "null" }] }),
    evidence: /"null"|"nullable":true/,
    fits: { it: null },
    fails: { it: 1 },
  },
  union: {
    schema: member({ anyOf: [text, { type: "number" }] }),
    evidence: /"anyOf":/,
    fits: { it: 1 },
    fails: { it: true },
  },
  "union of objects": {
    schema: member({
      anyOf: [
        member({ type: "string", const: "cat" }),
        {
          type: "object",
          properties: { lives: { type: "integer" } },
          required: ["lives"],
          additionalProperties: false,
        },
      ],
    }),
    evidence: /"anyOf":/,
    fits: { it: { lives: 9 } },
    fails: { it: { it: "dog" } },
  },
  oneOf: {
    schema: member({ oneOf: [text, { type: "number" }] }),
    evidence: /"(oneOf|anyOf)":/,
    fits: { it: "a" },
    fails: { it: null },
  },
  allOf: {
    schema: member({
      allOf: [
        { type: "object", properties: { a: text }, required: ["a"] },
        { type: "object", properties: { b: text }, required: ["b"] },
      ],
    }),
    evidence: /"allOf":/,
    fits: { it: { a: "a", b: "b" } },
    fails: { it: { a: "a" } },
  },
  record: {
    schema: member({ type: "object", additionalProperties: { type: "number" } }),
    evidence: /"additionalProperties":\{/,
    fits: { it: { a: 1 } },
    fails: { it: { a: "b" } },
  },
  "open object": {
    schema: member({ type: "object", properties: { a: text }, required: ["a"], additionalProperties: true }),
    evidence: /"additionalProperties":true/,
    fits: { it: { a: "a", b: 1 } },
    fails: { it: {} },
  },
  $ref: {
    schema: member({ $ref: "#/$defs/city" }, { $defs: { city: text } }),
    evidence: /"\$ref":|"it":\{[^}]*"type":"(string|STRING)"/,
    fits: { it: "Oslo" },
    fails: { it: 1 },
  },
  recursive: {
    schema: member(
      { $ref: "#/$defs/node" },
      {
        $defs: {
          node: {
            type: "object",
            properties: { name: text, inner: { type: "array", items: { $ref: "#/$defs/node" } } },
            required: ["name", "inner"],
            additionalProperties: false,
          },
        },
      },
    ),
    evidence: /"\$ref":/,
    fits: { it: { name: "a", inner: [{ name: "b", inner: [] }] } },
    fails: { it: { name: "a", inner: [1] } },
  },
  enum: {
    schema: member({ type: "string", enum: ["red", "green"] }),
    evidence: /"enum":\["red","green"\]/,
    fits: { it: "red" },
    fails: { it: "blue" },
  },
  "enum of numbers": {
    schema: member({ type: "integer", enum: [1, 2] }),
    evidence: /"enum":\[1,2\]/,
    fits: { it: 1 },
    fails: { it: 3 },
  },
  const: {
    schema: member({ type: "string", const: "red" }),
    evidence: /"const":"red"|"enum":\["red"\]/,
    fits: { it: "red" },
    fails: { it: "blue" },
  },
  "format date-time": {
    schema: member({ type: "string", format: "date-time" }),
    evidence: /"format":"date-time"/,
    fits: { it: "2026-11-22T10:00:00Z" },
  },
  "format uri": { schema: member({ type: "string", format: "uri" }), evidence: /"format":"uri"/, fits: { it: "a:b" } },
  default: {
    schema: member({ type: "string", default: "red" }),
    evidence: /"default":"red"/,
    narrower: /"it":\{"type":"STRING"\}/,
    fits: { it: "red" },
    fails: {},
  },
  tuple: {
    schema: member({ type: "array", prefixItems: [text, { type: "number" }], items: false, minItems: 2 }),
    evidence: /"prefixItems":/,
    fits: { it: ["a", 1] },
    fails: { it: [1, "a"] },
  },
  pattern: {
    schema: member({ type: "string", pattern: "[a-z]+" }),
    evidence: /"pattern":/,
    fits: { it: "abc" },
    fails: { it: "ABC" },
  },
  minLength: {
    schema: member({ type: "string", minLength: 2, maxLength: 9 }),
    evidence: /"minLength":2.*"maxLength":9/,
    fits: { it: "abc" },
    fails: { it: "a" },
  },
  minimum: {
    schema: member({ type: "integer", minimum: 1, maximum: 9 }),
    evidence: /"minimum":1.*"maximum":9/,
    fits: { it: 1 },
    fails: { it: 0 },
  },
  exclusiveMinimum: {
    schema: member({ type: "integer", exclusiveMinimum: 0 }),
    evidence: /"exclusiveMinimum":0|"minimum":1/,
    fits: { it: 1 },
    fails: { it: 0 },
  },
  multipleOf: {
    schema: member({ type: "integer", multipleOf: 5 }),
    evidence: /"multipleOf":5/,
    fits: { it: 5 },
    fails: { it: 6 },
  },
  minItems: {
    schema: member({ type: "array", items: text, minItems: 1, maxItems: 3 }),
    evidence: /"minItems":1.*"maxItems":3/,
    fits: { it: ["a"] },
    fails: { it: [] },
  },
  uniqueItems: {
    schema: member({ type: "array", items: text, uniqueItems: true }),
    evidence: /"uniqueItems":true/,
    fits: { it: ["a"] },
    fails: { it: ["a", "a"] },
  },
  not: {
    schema: member({ type: "string", not: { const: "red" } }),
    evidence: /"not":/,
    fits: { it: "a" },
    fails: { it: "red" },
  },
  "any value": { schema: member({}), evidence: /"it":(\{\}|true)/, fits: { it: [1, "a"] }, fails: {} },
  "list at the root": {
    schema: { type: "array", items: text },
    evidence: /"type":"(array|ARRAY)"/,
    fits: ["a"],
    fails: [1],
  },
  "union at the root": {
    schema: { anyOf: [member(text), member({ type: "number" })] },
    evidence: /"anyOf":/,
    fits: { it: 1 },
    fails: { it: true },
  },
};
