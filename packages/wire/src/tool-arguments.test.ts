import { expect, test } from "vitest";
import { callArguments, toolArguments } from "./tool-arguments.ts";

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

test("writes arguments as the model did, where that is known", () => {
  expect(callArguments({ input: { a: 1 }, raw: '{ "a": 1 }' })).toBe('{ "a": 1 }');
  expect(callArguments({ input: { a: 1 } })).toBe('{"a":1}');
  expect(callArguments({ input: '{"a":', invalid: true })).toBe('{"a":');
  expect(callArguments({ input: "text" })).toBe('"text"');
});
