import type { JsonSchema } from "@plugboard/core";
import { expect, test } from "vitest";
import { whyNotStrict } from "./strict-schema.ts";

const object = (
  properties: Readonly<Record<string, JsonSchema | boolean>>,
  required: readonly string[] = Object.keys(properties),
): JsonSchema => ({ type: "object", properties, required, additionalProperties: false });
const nested = (depth: number): JsonSchema => (depth === 0 ? { type: "string" } : object({ a: nested(depth - 1) }));

// https://platform.openai.com/docs/guides/structured-outputs#supported-schemas
test.each<[why: string | undefined, schema: JsonSchema]>([
  [undefined, object({ a: { type: "string" }, b: { anyOf: [{ type: "number" }, { type: "null" }] } })],
  [undefined, { ...object({ a: { $ref: "#/$defs/a" } }), $defs: { a: { type: "array", items: { type: "string" } } } }],
  [undefined, nested(10)],
  ["the root is not an object", { type: "array", items: {} }],
  ["the root takes additional properties", { type: "object", properties: {} }],
  ["`b` at the root is optional", object({ a: { type: "string" }, b: { type: "string" } }, ["a"])],
  ["`a` at the root is optional", { ...object({ a: {} }), required: "a" }],
  ["`oneOf` at a", object({ a: { type: "string", oneOf: [] } })],
  ["`minLength` at the items of a", object({ a: { type: "array", items: { type: "string", minLength: 1 } } })],
  ["the format `uri` at a", object({ a: { type: "string", format: "uri" } })],
  ["a pattern that looks around at a", object({ a: { type: "string", pattern: "(?=b)" } })],
  ["a list of schemas at a", object({ a: { type: "array", items: [{}] } })],
  ["a is open", object({ a: true })],
  ["a.b takes additional properties", object({ a: object({ b: { type: "object" } }) })],
  ["`not` at a", object({ a: { anyOf: [{ type: "null" }, { type: "string", not: {} }] } })],
  ["`if` at b", { ...object({}), definitions: { b: { type: "string", if: {} } } }],
  [`${"a.".repeat(11).slice(0, -1)} is nested more than 10 deep`, nested(11)],
])("a schema is held strictly unless: %s", (why, schema) => {
  expect(whyNotStrict(schema)).toBe(why);
});
