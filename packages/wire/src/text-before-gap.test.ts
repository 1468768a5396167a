import type { Message, Prompt } from "@plugboard/core";
import { expect, test } from "vitest";
import { textBeforeGap } from "./text-before-gap.ts";

const who = { provider: "acme", model: "parrot" };
const system: Message = { role: "system", content: "Be brief." };
const file = { type: "file", mediaType: "image/png", data: new Uint8Array() } as const;

test("is the last message, whole or in parts", () => {
  const user: Message = { role: "user", content: "const a = " };
  expect(textBeforeGap({ messages: [user] }, who)).toEqual({ prefix: "const a = ", warnings: [] });
  const parts: Message = {
    role: "user",
    content: [
      { type: "text", text: "const " },
      { type: "text", text: "a = " },
    ],
  };
  expect(textBeforeGap({ messages: [parts] }, who).prefix).toBe("const a = ");
});

test("warns of all that a chat would have read besides", () => {
  const prompt: Prompt = {
    messages: [system, { role: "assistant", content: "Yes?" }, { role: "user", content: "a" }],
    tools: [{ name: "f", input: {} }],
    toolChoice: "none",
    output: {},
    reasoning: "low",
  };
  const { warnings } = textBeforeGap(prompt, who);
  expect(warnings.map(({ code, path }) => `${code} ${path}`)).toEqual([
    "dropped messages[0]",
    "dropped messages[1]",
    "dropped tools",
    "dropped toolChoice",
    "dropped output",
    "dropped reasoning",
  ]);
});

test.each<[string, Message, RegExp]>([
  ["is not the user's", system, /`messages\[0\]` must be the user's.*of role system/],
  ["has a file", { role: "user", content: [file] }, /`messages\[0\]\.content\[0\]` is a file/],
])("is refused where the last message %s", (_, message, sentence) => {
  expect(() => textBeforeGap({ messages: [message] }, who)).toThrow(
    expect.objectContaining({ code: "unsupported", provider: "acme", message: expect.stringMatching(sentence) }),
  );
});
