import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { Schema, SchemaPair } from "./schema.ts";
import { compileSchema } from "./schema.ts";

const jsonSchemaOf = (schema: Schema) => compileSchema(schema, "this test").jsonSchema;

describe("compileSchema", () => {
  test("tells what goes into the schema: keys with defaults may be left out, transforms have not happened", () => {
    const schema = z.object({ a: z.string().default("x"), n: z.string().transform(Number) });
    expect(jsonSchemaOf(schema)).toEqual({
      type: "object",
      properties: { a: { type: "string", default: "x" }, n: { type: "string" } },
      required: ["n"],
      additionalProperties: false,
    });
  });

  test("closes objects wherever they are, and leaves open what says that it is", () => {
    const schema = z.object({
      inner: z.array(z.object({ a: z.string() })),
      open: z.looseObject({ a: z.string() }),
      map: z.record(z.string(), z.number()),
    });
    expect(jsonSchemaOf(schema)).toMatchObject({
      additionalProperties: false,
      properties: {
        inner: { items: { additionalProperties: false } },
        open: { additionalProperties: {} },
        map: { additionalProperties: { type: "number" } },
      },
    });
  });

  test("takes a property called like a keyword for a property", () => {
    const schema = z.object({ properties: z.string(), enum: z.object({ a: z.number() }) });
    expect(jsonSchemaOf(schema)["properties"]).toEqual({
      properties: { type: "string" },
      enum: { type: "object", properties: { a: { type: "number" } }, required: ["a"], additionalProperties: false },
    });
  });

  test("leaves members of allOf open, since each would forbid the properties of the others", () => {
    const part = (name: string) => ({ type: "object", properties: { [name]: { type: "string" } } });
    const schema = {
      "~standard": {
        version: 1,
        vendor: "test",
        validate: (value: unknown) => ({ value }),
        jsonSchema: { input: () => ({ type: "object", allOf: [part("a"), part("b")] }) },
      },
    } as const;
    expect(jsonSchemaOf(schema)).toEqual({ type: "object", allOf: [part("a"), part("b")] });
  });

  test("takes a JSON Schema by hand as it stands, but for the note which draft it is", async () => {
    const pair: SchemaPair = {
      schema: { "~standard": { version: 1, vendor: "test", validate: (value) => Promise.resolve({ value: [value] }) } },
      jsonSchema: { $schema: "http://json-schema.org/draft-07/schema#", type: "object", properties: {} },
    };
    const compiled = compileSchema(pair, "this test");
    expect(compiled.jsonSchema).toEqual({ type: "object", properties: {} });
    expect(await compiled.check(1)).toEqual({ value: [1] });
  });

  test.each([
    [
      "what JSON Schema has no word for",
      z.object({ when: z.date() }),
      /this test cannot be expressed as JSON Schema: .*Date/,
    ],
    [
      "a library that offers no JSON Schema, with the way out",
      { "~standard": { version: 1, vendor: "oldlib", validate: () => ({ value: 1 }) } },
      /this test offers no JSON Schema \(it is of oldlib\); pass `\{ schema, jsonSchema \}`/,
    ],
    ["what is no schema", { type: "object" }, /this test must be a Standard Schema/],
    [
      "a JSON Schema that is none",
      { schema: z.string(), jsonSchema: [] },
      /this test gives a JSON Schema that is not an object/,
    ],
  ])("refuses %s", (_, schema, message) => {
    expect(() => jsonSchemaOf(schema as unknown as Schema)).toThrow(
      expect.objectContaining({ code: "unsupported", message: expect.stringMatching(message) }),
    );
  });
});
