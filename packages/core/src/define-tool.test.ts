import { expect, test } from "vitest";
import { z } from "zod";
import { defineTool } from "./define-tool.ts";

test("is a function tool, told in plain data", () => {
  const tool = defineTool({
    name: "weather",
    description: "The weather",
    input: z.object({ city: z.string(), days: z.number().default(1) }),
    strict: true,
    execute: ({ city }) => city,
  });
  expect(JSON.parse(JSON.stringify(tool))).toEqual({
    type: "function",
    name: "weather",
    description: "The weather",
    strict: true,
    input: {
      type: "object",
      properties: { city: { type: "string" }, days: { type: "number", default: 1 } },
      required: ["city"],
      additionalProperties: false,
    },
  });
});

test("checks arguments against the schema, and gives what it makes of them", async () => {
  const tool = defineTool({ name: "t", input: z.object({ days: z.number().default(1) }) });
  expect(await tool.parse({})).toEqual({ value: { days: 1 } });
  expect(await tool.parse({ days: "x" })).toMatchObject({ issues: [{ path: ["days"] }] });
});

test.each([
  ["is not of an object", z.array(z.string()), /"list" must be of an object/],
  ["cannot be told to a model", z.object({ at: z.date() }), /"list" cannot be expressed as JSON Schema/],
])("refuses a schema that %s, naming the tool", (_, input, message) => {
  expect(() => defineTool({ name: "list", input })).toThrow(
    expect.objectContaining({ code: "unsupported", message: expect.stringMatching(message) }),
  );
});
