import fc from "fast-check";
import { expect, test } from "vitest";
import type { ModelEvent } from "@plugboard/core";
import { chatStreamDecoder } from "./decode.ts";
import { openaiDialect } from "../openai-dialect.ts";
import { TextTwins } from "./text-twins.ts";

const chunkOf = (content: string, more: object = {}, delta: object = {}): object => ({
  id: "c",
  created: 1,
  model: "m",
  choices: [{ index: 0, delta: { content, ...delta }, logprobs: null, finish_reason: null }],
  ...more,
});

function learned(chunk: object): TextTwins {
  const twins = new TextTwins();
  twins.learn(JSON.stringify(chunk), chunk);
  return twins;
}

test("a twin gives its text, whatever is in it", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.string({ unit: "binary" }), (first, second) => {
      expect(learned(chunkOf(first)).textOf(JSON.stringify(chunkOf(second)))).toBe(second);
    }),
  );
});

test("text that looks like members of the chunk is text", () => {
  const twins = learned(chunkOf("a"));
  const nasty = '","tool_calls":[],"content":"';
  expect(twins.textOf(JSON.stringify(chunkOf(nasty)))).toBe(nasty);
});

test.each<[string, object]>([
  ["brings counts", chunkOf("b", { usage: { prompt_tokens: 1 } })],
  ["has another id", chunkOf("b", { id: "d" })],
  ["ends", { ...chunkOf("b"), choices: [{ index: 0, delta: { content: "b" }, finish_reason: "stop" }] }],
  ["thinks, too", chunkOf("b", {}, { reasoning: "hm" })],
])("a chunk that %s is no twin", (_, chunk) => {
  expect(learned(chunkOf("a")).textOf(JSON.stringify(chunk))).toBeUndefined();
});

test.each<[string, object]>([
  ["counts", chunkOf("a", { usage: { prompt_tokens: 1 } })],
  ["thoughts", chunkOf("a", {}, { reasoning: "hm" })],
  ["a call", chunkOf("a", {}, { tool_calls: [{ index: 0 }] })],
  ["probabilities", { choices: [{ index: 0, delta: { content: "a" }, logprobs: { content: [{}] } }] }],
  ["no text", chunkOf("")],
  [
    "two choices",
    {
      choices: [
        { index: 0, delta: { content: "a" } },
        { index: 1, delta: { content: "b" } },
      ],
    },
  ],
])("nothing is learned from a chunk with %s", (_, chunk) => {
  expect(learned(chunk).textOf(JSON.stringify(chunk))).toBeUndefined();
});

test("a broken twin is broken, not text", () => {
  const twins = learned(chunkOf("a"));
  const data = JSON.stringify(chunkOf("X"));
  for (const literal of ['a"b', "\\", "\n", "\\x"])
    expect(twins.textOf(data.replace("X", () => literal))).toBeUndefined();
});

test("a stream reads the same with twins and without", () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.constant("same"), fc.string({ unit: "grapheme" })), { maxLength: 12 }),
      (texts) => {
        const read = (vary: boolean): ModelEvent[] => {
          const decoder = chatStreamDecoder({ dialect: openaiDialect, model: "m" }, {});
          const out: ModelEvent[] = [];
          // A member that differs each time, which nobody reads, keeps every chunk from being a twin.
          texts.forEach((text, place) =>
            decoder.push(JSON.stringify(chunkOf(text, vary ? { odd: place } : {})), "", out),
          );
          decoder.push("[DONE]", "", out);
          return out;
        };
        expect(read(false)).toEqual(read(true));
      },
    ),
  );
});
