import { expect, test } from "vitest";
import { z } from "zod";
import { strictSchema } from "./strict-schema.ts";

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
