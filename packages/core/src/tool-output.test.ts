import { expect, test } from "vitest";
import type { ToolOutput } from "./define-tool.ts";
import { toolOutput } from "./tool-output.ts";

const bytes = new Uint8Array([1, 2]);

test.each<[string, ToolOutput, unknown]>([
  ["text as it is", "fine", "fine"],
  ["nothing as an empty text", undefined, ""],
  ["null as JSON", null, [{ type: "json", value: null }]],
  ["an object as JSON", { a: [1] }, [{ type: "json", value: { a: [1] } }]],
  ["a list as JSON", [1, 2], [{ type: "json", value: [1, 2] }]],
  ["an empty list as JSON", [], [{ type: "json", value: [] }]],
  ["rows that have a `type` of their own as JSON", [{ type: "text" }], [{ type: "json", value: [{ type: "text" }] }]],
  ["what JSON leaves out left out", { a: undefined }, [{ type: "json", value: {} }]],
  [
    "parts as parts",
    [
      { type: "text", text: "a" },
      { type: "file", mediaType: "image/png", data: bytes },
      { type: "json", value: 1 },
    ],
    [
      { type: "text", text: "a" },
      { type: "file", mediaType: "image/png", data: bytes },
      { type: "json", value: 1 },
    ],
  ],
])("tells a model %s", (_, output, expected) => {
  expect(toolOutput(output)).toEqual(expected);
});
