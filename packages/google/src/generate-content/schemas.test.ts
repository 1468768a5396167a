import type { JsonSchema } from "@plugboard/core";
import { describe, expect, test } from "vitest";
import { jsonSchemaOf } from "./json-schema-of.ts";
import { narrowedSchema } from "./narrowed-schema.ts";
import { openApiSchema } from "./open-api-schema.ts";

const within = (property: JsonSchema): JsonSchema => ({ type: "object", properties: { p: property } });
const compiled = (property: JsonSchema): unknown => {
  const result = openApiSchema(within(property));
  return result && (result.schema["properties"] as JsonSchema)["p"];
};

describe("Google's own kind of schema", () => {
  test.each<[string, JsonSchema, JsonSchema]>([
    ["null as a flag", { type: ["string", "null"] }, { type: "STRING", nullable: true }],
    ["null among choices", { enum: ["a", null] }, { type: "STRING", enum: ["a"], nullable: true }],
    ["a constant", { const: "a" }, { type: "STRING", enum: ["a"] }],
    [
      "a union with null",
      { anyOf: [{ type: "integer" }, { type: "null" }], description: "d" },
      { type: "INTEGER", nullable: true, description: "d" },
    ],
    [
      "a union",
      { oneOf: [{ type: "string" }, { type: "number" }] },
      { anyOf: [{ type: "STRING" }, { type: "NUMBER" }] },
    ],
    ["several types", { type: ["string", "number"] }, { anyOf: [{ type: "STRING" }, { type: "NUMBER" }] }],
    [
      "limits",
      { type: "array", items: { type: "string", minLength: 1, pattern: "^a" }, maxItems: 3 },
      { type: "ARRAY", items: { type: "STRING", minLength: 1, pattern: "^a" }, maxItems: 3 },
    ],
    [
      "limits left out themselves, of whole numbers",
      { type: "integer", exclusiveMinimum: 0, exclusiveMaximum: 10 },
      { type: "INTEGER", minimum: 1, maximum: 9 },
    ],
    ["a date with a time", { type: "string", format: "date-time" }, { type: "STRING", format: "date-time" }],
    ["one of one", { allOf: [{ type: "string" }], description: "d" }, { type: "STRING", description: "d" }],
    ["types in capitals", { type: "STRING" }, { type: "STRING" }],
    [
      "types that the rest tells",
      { items: { properties: { a: { const: "x" } } } },
      {
        type: "ARRAY",
        items: { type: "OBJECT", properties: { a: { type: "STRING", enum: ["x"] } }, propertyOrdering: ["a"] },
      },
    ],
    ["nothing but null", { anyOf: [{ type: "null" }, { const: null }] }, { type: "NULL" }],
    [
      "the width of a number, and no format that numbers do not have",
      { type: "integer", format: "int32" },
      { type: "INTEGER", format: "int32" },
    ],
    ["a number by a format of its own", { type: "number", format: "odd" }, { type: "NUMBER" }],
  ])("says %s", (_, property, expected) => {
    expect(compiled(property)).toEqual(expected);
    expect(openApiSchema(within(property))?.told).toEqual([]);
  });

  test.each<[string, JsonSchema]>([
    ["an open map", { type: "object", additionalProperties: { type: "string" } }],
    ["an object without properties", { type: "object" }],
    ["a tuple", { type: "array", prefixItems: [{ type: "string" }] }],
    ["a list of anything", { type: "array" }],
    ["anything", {}],
    ["numbers to choose from", { enum: [1, 2] }],
    ["what is anything at all", true as unknown as JsonSchema],
    ["properties that are none", { type: "object", properties: 1 }],
    ["names by a pattern", { type: "object", properties: { a: { type: "string" } }, patternProperties: {} }],
    ["an empty choice", { enum: [""] }],
    ["both of two", { allOf: [{ type: "string" }, { minLength: 1 }] }],
    [
      "a union beside something",
      { type: "object", properties: { a: { type: "string" } }, anyOf: [{ required: ["a"] }] },
    ],
  ])("cannot say %s", (_, property) => {
    expect(compiled(property)).toBeUndefined();
  });

  test("writes references out, unless they come back", () => {
    const schema = { $defs: { city: { type: "string" } }, ...within({ $ref: "#/$defs/city", description: "d" }) };
    expect(openApiSchema(schema)?.schema["properties"]).toEqual({ p: { type: "STRING", description: "d" } });
    const node = { type: "object", properties: { next: { $ref: "#/$defs/node" } } };
    expect(openApiSchema({ $defs: { node }, ...within({ $ref: "#/$defs/node" }) })).toBeUndefined();
  });

  test("cannot say in any size what doubles with every definition", () => {
    const steps = 40;
    const $defs = Object.fromEntries(
      Array.from({ length: steps }, (_, step) => {
        const next = step === steps - 1 ? { type: "string" } : { $ref: `#/$defs/d${step + 1}` };
        return [`d${step}`, { type: "object", properties: { left: next, right: next } }];
      }),
    );
    expect(openApiSchema({ $defs, ...within({ $ref: "#/$defs/d0" }) })).toBeUndefined();
  });

  test("tells the rest in descriptions", () => {
    const result = openApiSchema(within({ type: "string", format: "email", description: "Where?" }));
    expect(result).toEqual({
      schema: {
        type: "OBJECT",
        properties: { p: { type: "STRING", description: 'Where?\n\n{format: "email"}' } },
        propertyOrdering: ["p"],
      },
      told: ["format"],
    });
  });
});

describe("JSON Schema for Google", () => {
  test("keeps recursion, tuples and open maps", () => {
    const schema = {
      $schema: "https://json-schema.org/draft/2020-12/schema",
      $defs: { node: { type: "object", properties: { next: { $ref: "#/$defs/node" } } } },
      type: "object",
      properties: {
        root: { $ref: "#/$defs/node", description: "dropped beside a reference" },
        pair: { type: "array", prefixItems: [{ type: "string" }, true] },
        map: { type: "object", additionalProperties: { type: ["number", "null"] } },
        day: { type: "string", format: "date" },
        three: { const: 3 },
      },
      additionalProperties: false,
    };
    expect(narrowedSchema(schema)).toEqual({
      schema: {
        $defs: { node: { type: "object", properties: { next: { $ref: "#/$defs/node" } } } },
        type: "object",
        properties: {
          root: { $ref: "#/$defs/node" },
          pair: { type: "array", prefixItems: [{ type: "string" }, {}] },
          map: { type: "object", additionalProperties: { type: ["number", "null"] } },
          day: { type: "string", format: "date" },
          three: { enum: [3] },
        },
        additionalProperties: false,
      },
      told: [],
    });
  });

  test("tells the rest in descriptions", () => {
    const { schema, told } = narrowedSchema({ type: "string", pattern: "^a", format: "email" });
    expect(told).toEqual(["pattern", "format"]);
    expect(schema).toEqual({ type: "string", description: '{pattern: "^a", format: "email"}' });
  });
});

test("JSON Schema for Google reads definitions of old, one of one, and members that are none", () => {
  const { schema, told } = narrowedSchema({
    definitions: { a: { type: "string" }, none: true },
    type: "object",
    properties: {
      a: { $ref: "#/definitions/a" },
      one: { allOf: [{ type: "string" }] },
      two: { allOf: [{ type: "string" }, { type: "number" }] },
      n: { type: "integer", exclusiveMinimum: 0, exclusiveMaximum: 9.5 },
      x: { type: "number", exclusiveMinimum: 0 },
      any: { multipleOf: 2 },
      flag: { const: true },
    },
  });
  expect(schema).toEqual({
    $defs: { a: { type: "string" }, none: {} },
    type: "object",
    properties: {
      a: { $ref: "#/$defs/a" },
      one: { type: "string" },
      two: { description: '{allOf: [{"type":"string"},{"type":"number"}]}' },
      n: { type: "integer", minimum: 1, maximum: 9 },
      x: { type: "number", description: "{exclusiveMinimum: 0}" },
      any: { description: "{multipleOf: 2}" },
      flag: { description: "{const: true}" },
    },
  });
  expect(told).toEqual(["allOf", "exclusiveMinimum", "multipleOf", "const"]);
  expect(narrowedSchema({ type: 1, properties: 1 }).schema).toEqual({ type: "", properties: {} });
});

test("a schema of Google's kind that is none of anything is any value", () => {
  expect(jsonSchemaOf({ type: 1, items: 1, anyOf: [1], properties: { a: 1 }, nullable: false })).toEqual({
    type: "",
    items: {},
    anyOf: [{}],
    properties: { a: {} },
  });
  expect(jsonSchemaOf({ properties: 1 })).toEqual({ properties: {} });
  expect(jsonSchemaOf({ anyOf: [{ type: "STRING" }], nullable: true })).toEqual({
    anyOf: [{ anyOf: [{ type: "string" }] }, { type: "null" }],
  });
});

test("a schema of Google's kind is read as JSON Schema", () => {
  expect(
    jsonSchemaOf({
      type: "OBJECT",
      properties: {
        type: { type: "STRING", nullable: true, enum: ["a"] },
        list: { type: "ARRAY", items: { any_of: [{ type: "NUMBER" }, { type: "STRING", min_length: "2" }] } },
      },
      propertyOrdering: ["type", "list"],
    }),
  ).toEqual({
    type: "object",
    properties: {
      type: { type: ["string", "null"], enum: ["a", null] },
      list: { type: "array", items: { anyOf: [{ type: "number" }, { type: "string", minLength: 2 }] } },
    },
  });
});
