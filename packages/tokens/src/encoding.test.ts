import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { countText, encodingOf } from "./encoding.ts";

const o200k = await encodingOf("o200k_base");
const cl100k = await encodingOf("cl100k_base");

describe("texts have the tokens that OpenAI's cookbook and tiktoken's own tests print", () => {
  test.each([
    ["tiktoken is great!", 6],
    ["antidisestablishmentarianism", 6],
    ["2 + 2 = 4", 7],
    ["お誕生日おめでとう", 9],
  ])("%j has %i in cl100k_base", (text, tokens) => {
    expect(countText(cl100k, text)).toBe(tokens);
  });

  test.each([
    ["tiktoken is great!", 6],
    ["antidisestablishmentarianism", 6],
    ["2 + 2 = 4", 7],
    ["お誕生日おめでとう", 8],
  ])("%j has %i in o200k_base", (text, tokens) => {
    expect(countText(o200k, text)).toBe(tokens);
  });

  test("`hello world` is the tokens 15339 and 1917 of cl100k_base", () => {
    expect([...cl100k.encode_ordinary("hello world")]).toEqual([15_339, 1917]);
  });
});

test("what looks like a marker is text like any other", () => {
  expect(countText(o200k, "<|endoftext|>")).toBeGreaterThan(1);
});

test("an encoding is made once", async () => {
  expect(await encodingOf("o200k_base")).toBe(o200k);
  await expect(Promise.all([encodingOf("cl100k_base"), encodingOf("cl100k_base")])).resolves.toEqual([cl100k, cl100k]);
});

test.each([
  ["one letter", "a"],
  ["one Chinese character", "好"],
  ["spaces", " "],
  ["line breaks", "\n"],
  ["an emoji of several code points", "👩‍👩‍👧"],
])("20,000 characters of %s take less than a second", (_, text) => {
  const long = text.repeat(20_000 / text.length);
  const begin = performance.now();
  const tokens = countText(o200k, long);
  expect(performance.now() - begin).toBeLessThan(1000);
  expect(tokens).toBeGreaterThan(100);
});

test("a long text has the tokens of the whole, though it is counted in pieces", () => {
  const word = fc.oneof(
    fc.constantFrom(
      " the",
      " don't",
      " 1,234.56",
      "\n\n",
      "  ",
      ".",
      " — ",
      "日本語。",
      "naïve",
      "e\u0301",
      "HTTPServer",
      "'s",
      "/*",
      "\t",
    ),
    fc.string({ unit: "binary", maxLength: 6 }),
  );
  const text = fc.array(word, { minLength: 600, maxLength: 1_500 }).map((words) => words.join(""));
  fc.assert(
    fc.property(text, (text) => {
      fc.pre(/[a-z] /.test(text));
      expect(countText(o200k, text)).toBe(o200k.encode_ordinary(text).length);
      expect(countText(cl100k, text)).toBe(cl100k.encode_ordinary(text).length);
    }),
    { numRuns: 60, endOnFailure: true }, // to shrink texts of this length would take minutes,
  );
});
