import { expect, test } from "vitest";
import { objectRoot } from "./object-root.ts";

test("leaves an object as it is", () => {
  const schema = { type: "object", properties: { a: { $ref: "#" } } };
  expect(objectRoot(schema)).toEqual({ jsonSchema: schema, wrapped: false });
});

test("puts anything else into an object, and keeps references pointing where they did", () => {
  const schema = {
    type: "array",
    items: { anyOf: [{ $ref: "#" }, { $ref: "#/$defs/leaf" }, { $ref: "#/items/anyOf/1" }, { const: { $ref: "#" } }] },
    $defs: { leaf: { type: "array", items: { $ref: "#" } } },
  };
  expect(objectRoot(schema)).toEqual({
    wrapped: true,
    jsonSchema: {
      type: "object",
      properties: {
        value: {
          type: "array",
          items: {
            anyOf: [
              { $ref: "#/properties/value" },
              { $ref: "#/$defs/leaf" },
              { $ref: "#/properties/value/items/anyOf/1" },
              { const: { $ref: "#" } },
            ],
          },
        },
      },
      required: ["value"],
      additionalProperties: false,
      $defs: { leaf: { type: "array", items: { $ref: "#/properties/value" } } },
    },
  });
});
