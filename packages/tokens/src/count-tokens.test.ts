import type { Prompt } from "@plugboard/core";
import { describe, expect, test } from "vitest";
import { countTokens } from "./count-tokens.ts";

const gpt4o = { provider: "openai", id: "gpt-4o" };
const ask = (content: string): Prompt => ({ messages: [{ role: "user", content }] });
const image = { type: "file", mediaType: "image/png", data: new Uint8Array() } as const;

describe("a plain conversation", () => {
  test("with a chat model of OpenAI is counted exactly: 3 a message, 1 for its role, 3 for the answer", async () => {
    expect(await countTokens(ask("tiktoken is great!"), gpt4o)).toEqual({ tokens: 6 + 4 + 3, bound: "exact" });
    const two: Prompt = { messages: [{ role: "system", content: "2 + 2 = 4" }, ...ask("tiktoken is great!").messages] };
    expect(await countTokens(two, { provider: "openai", id: "gpt-4-0613" })).toEqual({
      tokens: 7 + 6 + 8 + 3,
      bound: "exact",
    });
  });

  test("of a deployment is counted by the catalogue's name", async () => {
    const japanese = ask("お誕生日おめでとう"); // 8 tokens in o200k_base, 9 in cl100k_base
    const deployed = (catalogId: string): Promise<{ tokens: number }> =>
      countTokens(japanese, { provider: "azure", id: "our-model", catalogId });
    expect((await deployed("gpt-4o")).tokens).toBe(8 + 7);
    expect((await deployed("gpt-35-turbo")).tokens).toBe(9 + 7);
  });

  test.each(["claude-sonnet-4-5", "gemini-2.5-flash", "llama3.2", "phi3.5", "mistral-large-latest", "nobody-knows-1"])(
    "with %s is estimated, and says how well",
    async (id) => {
      const { bound } = await countTokens(ask("Why is the sky blue? ".repeat(50)), { provider: "x", id });
      expect(bound).toEqual({ error: expect.any(Number) });
      expect((bound as { error: number }).error).toBeGreaterThan(0);
      expect((bound as { error: number }).error).toBeLessThan(0.5);
    },
  );
});

test("tools, their results and schemas cost tokens, and make the count an estimate", async () => {
  const tools = [{ name: "weather", description: "Weather of a city", input: { type: "object", properties: {} } }];
  const plain = await countTokens(ask("hi"), gpt4o);
  const offered = await countTokens({ ...ask("hi"), tools }, gpt4o);
  expect(offered.tokens).toBeGreaterThan(plain.tokens + 10);
  expect(offered.bound).toEqual({ error: expect.any(Number) });
  expect((await countTokens({ ...ask("hi"), tools, toolChoice: "none" }, gpt4o)).tokens).toBe(plain.tokens);
  expect((await countTokens({ ...ask("hi"), output: { schema: { type: "object" } } }, gpt4o)).tokens).toBeGreaterThan(
    plain.tokens,
  );
});

test("calls and results make the count an estimate too, also where no tool is offered any more", async () => {
  const messages: Prompt["messages"] = [
    ...ask("hi").messages,
    { role: "assistant", content: [{ type: "tool-call", id: "1", name: "f", input: {} }] },
    { role: "tool", content: [{ type: "tool-result", id: "1", name: "f", output: "tiktoken is great!" }] },
  ];
  expect((await countTokens({ messages }, gpt4o)).bound).toEqual({ error: expect.any(Number) });
});

describe("an image", () => {
  const look: Prompt = { messages: [{ role: "user", content: [{ type: "text", text: "2 + 2 = 4" }, image] }] };

  test("counts as the largest does: 1445 tokens with gpt-4o (85, and 170 for each of 8 tiles)", async () => {
    expect(await countTokens(look, gpt4o)).toEqual({ tokens: 7 + 7 + 1445, bound: "upper" });
  });

  test("is refused where nobody documents its price", async () => {
    await expect(countTokens(look, { provider: "ollama", id: "llava" })).rejects.toMatchObject({ code: "unsupported" });
  });

  test("is refused like any other file that is none", async () => {
    const pdf: Prompt = { messages: [{ role: "user", content: [{ ...image, mediaType: "application/pdf" }] }] };
    await expect(countTokens(pdf, gpt4o)).rejects.toThrow("application/pdf");
  });
});
