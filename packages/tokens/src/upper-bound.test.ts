import type { Prompt } from "@plugboard/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { countTokens } from "./count-tokens.ts";
import { upperBound } from "./upper-bound.ts";

const model = { provider: "openai", id: "gpt-4o" };
const text = fc.oneof(fc.string({ unit: "binary", maxLength: 400 }), fc.string({ unit: "grapheme", maxLength: 400 }));

const prompts: fc.Arbitrary<Prompt> = fc.record(
  {
    messages: fc.array(
      fc.oneof(
        text.map((content) => ({ role: "user" as const, content })),
        fc.tuple(text, fc.jsonValue()).map(([name, input]) => ({
          role: "assistant" as const,
          content: [{ type: "tool-call" as const, id: "1", name, input: input as string }],
        })),
        fc.array(text).map((outputs) => ({
          role: "tool" as const,
          content: outputs.map((output) => ({ type: "tool-result" as const, id: "1", name: "f", output })),
        })),
      ),
      { minLength: 1, maxLength: 6 },
    ),
    tools: fc.array(fc.record({ name: text, description: text, input: fc.constant({ type: "object" }) }), {
      maxLength: 3,
    }),
  },
  { requiredKeys: ["messages"] },
);

test("is never less than the count, whatever is written", async () => {
  await fc.assert(
    fc.asyncProperty(prompts, async (prompt) => {
      const counted = await countTokens(prompt, model);
      expect(upperBound(prompt, model).tokens).toBeGreaterThanOrEqual(counted.tokens);
    }),
    { numRuns: 200 },
  );
});

test("is the bytes of a text and a fixed overhead", () => {
  const bound = (content: string): number => upperBound({ messages: [{ role: "user", content }] }, model).tokens;
  expect(bound("été") - bound("")).toBe(5);
  expect(bound("好".repeat(100)) - bound("")).toBe(300);
  expect(upperBound({ messages: [{ role: "user", content: "x" }] }, model).bound).toBe("upper");
});

test("counts thoughts and opaque items too, since some providers do", () => {
  const thought = { role: "assistant" as const, content: [{ type: "reasoning" as const, text: "x".repeat(1000) }] };
  const nothing = { role: "assistant" as const, content: [{ type: "reasoning" as const, text: "" }] };
  expect(upperBound({ messages: [thought] }, model).tokens - upperBound({ messages: [nothing] }, model).tokens).toBe(
    1000,
  );
});
