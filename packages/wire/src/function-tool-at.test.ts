import { expect, test } from "vitest";
import { functionToolAt } from "./function-tool-at.ts";

test("reads a tool, and leaves out what is not told", () => {
  const parameters = { type: "object", properties: { to: { type: "string" } } };
  expect(functionToolAt({ name: "fly", description: "Flies.", parameters }, "tools[0]")).toStrictEqual({
    name: "fly",
    description: "Flies.",
    input: parameters,
  });
  expect(functionToolAt({ name: "land", description: null }, "tools[0]")).toStrictEqual({ name: "land", input: {} });
});

test.each([
  ["`tools[0]` must be an object", undefined],
  ["`tools[0].name` must be a name", { name: "" }],
  ["`tools[0].parameters` must be an object", { name: "fly", parameters: "to" }],
])("refuses what is none: %s", (message, value) => {
  expect(() => functionToolAt(value, "tools[0]")).toThrow(message);
});
