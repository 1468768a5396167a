import type { JsonSchema } from "@plugboard/core";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { strictRoom, strictSchema } from "./strict-schema.ts";

test("closes objects, and tells limits in the description", () => {
  const schema = {
    type: "object",
    properties: { n: { type: "integer", minimum: 1, description: "How many" } },
    required: ["n"],
  };
  expect(strictSchema(schema)).toEqual({
    schema: {
      type: "object",
      properties: { n: { type: "integer", description: "How many\n\n{minimum: 1}" } },
      required: ["n"],
      additionalProperties: false,
    },
    told: ["minimum"],
  });
});

test("takes the schemas that zod makes of everyday types", () => {
  const type = z.object({
    name: z.string().min(1).nullable(),
    tags: z.array(z.enum(["a", "b"])).max(3),
    when: z.iso.datetime().optional(),
    kind: z.discriminatedUnion("type", [
      z.object({ type: z.literal("x") }),
      z.object({ type: z.literal("y"), size: z.number() }),
    ]),
  });
  const strict = strictSchema(z.toJSONSchema(type) as Parameters<typeof strictSchema>[0]);
  expect(strict?.schema).toMatchObject({ additionalProperties: false, required: ["name", "tags", "kind"] });
  expect(JSON.stringify(strict?.schema)).not.toMatch(/"(minLength|maxItems|oneOf|\$schema|pattern)":/);
});

test("moves definitions where Anthropic looks for them", () => {
  const schema = {
    definitions: { a: { type: "string" } },
    type: "object",
    properties: { x: { $ref: "#/definitions/a" } },
  };
  expect(strictSchema(schema)?.schema).toEqual({
    $defs: { a: { type: "string" } },
    type: "object",
    properties: { x: { $ref: "#/$defs/a" } },
    additionalProperties: false,
  });
});

test.each([
  ["an open map", { type: "object", additionalProperties: { type: "number" } }],
  ["an object of anything", { type: "object" }],
  ["a value of any kind", { type: "object", properties: { x: {} } }],
  ["a list of anything", { type: "array" }],
  ["recursion", { $defs: { n: { type: "object", properties: { n: { $ref: "#/$defs/n" } } } }, $ref: "#/$defs/n" }],
  ["recursion to the root", { type: "object", properties: { child: { $ref: "#" } } }],
  ["a reference to elsewhere", { type: "object", properties: { x: { $ref: "https://a.example/schema" } } }],
  ["names by a pattern", { type: "object", properties: {}, patternProperties: { "^a": { type: "string" } } }],
])("gives up on %s", (_, schema) => {
  expect(strictSchema(schema)).toBeUndefined();
});

describe("a request has room", () => {
  const list = (count: number, schema: JsonSchema): JsonSchema =>
    Object.fromEntries(Array.from({ length: count }, (_, place) => [`p${place}`, schema]));
  const optional = (count: number): JsonSchema => ({ type: "object", properties: list(count, { type: "string" }) });
  const union = { anyOf: [{ type: "string" }, { type: "number" }] };
  const unions = (count: number): JsonSchema => {
    const properties = list(count, union);
    return { type: "object", properties, required: Object.keys(properties) };
  };

  test("for 24 members that may be left out, over all schemas", () => {
    const room = strictRoom();
    expect(strictSchema(optional(20), room)).toBeDefined();
    expect(strictSchema(optional(5), room)).toBeUndefined();
    expect(strictSchema(optional(4), room)).toBeDefined();
    expect(room).toEqual({ schemas: 18, optional: 0, unions: 16 });
  });

  test("for 16 unions, wherever they stand", () => {
    const room = strictRoom();
    const nested = {
      type: "object",
      $defs: { id: union },
      properties: { list: { type: "array", items: union }, all: { allOf: [unions(2)] }, id: { $ref: "#/$defs/id" } },
      required: ["list", "all", "id"],
    };
    expect(strictSchema(nested, room)).toBeDefined();
    expect(room.unions).toBe(12);
    const nullable = { type: "object", properties: { n: { type: ["string", "null"] } }, required: ["n"] };
    expect(strictSchema(nullable, room)).toBeDefined();
    expect(strictSchema(unions(12), room)).toBeUndefined();
    expect(strictSchema(unions(11), room)).toBeDefined();
  });

  test("for 20 schemas", () => {
    const room = strictRoom();
    const held = Array.from({ length: 21 }, () => strictSchema(optional(0), room) !== undefined);
    expect(held.filter(Boolean)).toHaveLength(20);
  });
});

test("takes definitions that use each other twice, in no time", () => {
  const steps = 40;
  const $defs = Object.fromEntries(
    Array.from({ length: steps }, (_, step) => {
      const next = step === steps - 1 ? { type: "string" } : { $ref: `#/$defs/d${step + 1}` };
      return [`d${step}`, { type: "object", properties: { left: next, right: next }, required: ["left", "right"] }];
    }),
  );
  const strict = strictSchema({ $defs, type: "object", properties: { root: { $ref: "#/$defs/d0" } } });
  expect(Object.keys(strict?.schema["$defs"] ?? {})).toHaveLength(steps);
});
