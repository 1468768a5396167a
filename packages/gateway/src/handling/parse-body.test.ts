import fc from "fast-check";
import { expect, test } from "vitest";
import { parseBody } from "./parse-body.ts";

const decoder = new TextDecoder("utf-8", { fatal: true });
const parsed = (text: string) => parseBody(new TextEncoder().encode(text), decoder);

test("reads what JSON.parse reads", () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 6, stringUnit: "grapheme" }), (text) => {
      fc.pre(!text.includes("__proto__"));
      expect(parsed(text)).toEqual(JSON.parse(text));
    }),
  );
});

test("counts no brackets in texts, whatever is escaped there", () => {
  const text = `${'[{"'.repeat(300)}\\"${"[".repeat(300)}\\\\`;
  expect(parsed(JSON.stringify([text, "[[", '"', "\\"]))).toEqual([text, "[[", '"', "\\"]);
});

test.each([199, 200])("nests %i deep", (depth) => {
  expect(() => parsed("[".repeat(depth) + "]".repeat(depth))).not.toThrow();
});

test.each([
  ["[".repeat(201) + "]".repeat(201), "nests"],
  ['{"a":'.repeat(300) + "1" + "}".repeat(300), "nests"],
  ['"half', "JSON"],
  ["", "JSON"],
  ["secret words", "JSON"],
])("refuses what it does not read without repeating it", (text, why) => {
  expect(() => parsed(text)).toThrow(why);
  expect(() => parsed(text)).not.toThrow("secret");
});
