import { expect, test } from "vitest";
import { toolArguments } from "./tool-arguments.ts";

test.each([
  [undefined, { input: {} }],
  [null, { input: {} }],
  ["", { input: {} }],
  [" \n", { input: {} }],
  ["null", { input: {}, raw: "null" }],
  ['{ "a": 1 }', { input: { a: 1 }, raw: '{ "a": 1 }' }],
  ['"text"', { input: "text", raw: '"text"' }],
  ['{"a":', { input: '{"a":', raw: '{"a":', invalid: true }],
])("reads %j", (text, expected) => {
  expect(toolArguments(text)).toEqual(expected);
});
