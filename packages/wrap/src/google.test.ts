import { ApiError, GoogleGenAI } from "@google/genai";
import { defineEmbeddingModel } from "@plugboard/core";
import type { ModelRequest } from "@plugboard/core";
import { validated, validator } from "@plugboard/recordings";
import type { Validated } from "@plugboard/recordings";
import { scripted, scriptedAs } from "@plugboard/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { dropIn } from "./drop-in.ts";

const schemas = await validator();
const asked = { model: "any", contents: "Hello" };
let watched: Validated | undefined;

/** The real client in front of a model. */
function clientOf(...given: Parameters<typeof dropIn>): GoogleGenAI {
  watched = validated(dropIn(...given), schemas);
  return new GoogleGenAI({ apiKey: "key-of-the-client", httpOptions: { fetch: watched.fetch } });
}

beforeEach(() => {
  watched = undefined;
});
afterEach(() => watched?.verify());

test("contents are generated, and no header of the client goes on", async () => {
  const model = scripted([{ usage: { input: 3, output: 2 } }, "Hel", "lo"]);
  const answer = await clientOf(model).models.generateContent({ ...asked, config: { systemInstruction: "Be brief." } });
  expect(answer.text).toBe("Hello");
  expect(answer.usageMetadata?.totalTokenCount).toBe(5);
  expect(model.requests[0]).toMatchObject({ messages: [{ role: "system" }, { role: "user" }] });
  expect(model.requests[0]).not.toHaveProperty("headers");
  expect(JSON.stringify(model.requests[0])).not.toContain("key-of-the-client");
});

test("contents stream, thoughts and calls included", async () => {
  const call = { toolCall: { name: "weather", input: { city: "Oslo" } } };
  const stream = await clientOf(
    scripted([{ reasoning: "Where?" }, "Let me ", "look.", call]),
  ).models.generateContentStream({
    ...asked,
    config: { tools: [{ functionDeclarations: [{ name: "weather" }] }], thinkingConfig: { includeThoughts: true } },
  });
  let text = "";
  const calls: unknown[] = [];
  for await (const { candidates } of stream) {
    for (const part of candidates?.[0]?.content?.parts ?? []) {
      if (part.functionCall) calls.push(part.functionCall);
      else if (!part.thought) text += part.text ?? "";
    }
  }
  expect(text).toBe("Let me look.");
  expect(calls).toMatchObject([{ name: "weather", args: { city: "Oslo" } }]);
});

test("a chat keeps its history, and runs the client's own tools", async () => {
  const model = scripted({ toolCall: { name: "weather", input: { city: "Oslo" } } }, "It is 21 degrees.");
  const tool = {
    tool: () => Promise.resolve({ functionDeclarations: [{ name: "weather" }] }),
    callTool: () => Promise.resolve([{ functionResponse: { name: "weather", response: { degrees: 21 } } }]),
  };
  const chat = clientOf(model).chats.create({ model: "any", config: { tools: [tool] } });
  expect((await chat.sendMessage({ message: "How is Oslo?" })).text).toBe("It is 21 degrees.");
  expect(model.requests).toHaveLength(2);
  expect(JSON.stringify(model.requests[1]?.messages)).toContain('"degrees":21');
});

test("JSON is asked for by a schema", async () => {
  const model = scripted('{"city":"Oslo"}');
  const schema = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
  const answer = await clientOf(model).models.generateContent({
    ...asked,
    config: { responseMimeType: "application/json", responseJsonSchema: schema },
  });
  expect(answer.text).toBe('{"city":"Oslo"}');
  expect(model.requests[0]?.output).toEqual({ schema });
});

test("texts are embedded, and tokens counted by the provider behind it", async () => {
  const vectors = defineEmbeddingModel({
    provider: "test",
    id: "vectors",
    call: async ({ values }) => ({ model: "v", embeddings: values.map((_, at) => [at, 0.5]), usage: {}, warnings: [] }),
  });
  const counting = Object.assign(scripted("hi"), {
    plan: () => Promise.reject(new Error("not asked")),
    countTokens: (request: ModelRequest | string) =>
      Promise.resolve({ tokens: JSON.stringify(request).includes("Hello") ? 7 : 0, bound: "exact" as const }),
  });
  const client = clientOf({ models: { vectors, counting } });
  const { embeddings } = await client.models.embedContent({ model: "vectors", contents: ["a", "b"] });
  expect(embeddings?.map(({ values }) => values)).toEqual([
    [0, 0.5],
    [1, 0.5],
  ]);
  await expect(client.models.countTokens({ model: "counting", contents: "Hello" })).resolves.toMatchObject({
    totalTokens: 7,
  });
});

test("what goes wrong is the client's own error", async () => {
  const failed: unknown = await clientOf(scripted({ error: "rate-limit", message: "Slow down." }))
    .models.generateContent(asked)
    .catch((cause: unknown) => cause);
  expect(failed).toBeInstanceOf(ApiError);
  expect(failed).toMatchObject({ status: 429, message: expect.stringContaining("Slow down.") });
});

test("the client asks again where it was told to", async () => {
  const model = scripted({ error: "overloaded" }, "Hello");
  watched = validated(dropIn(model), schemas);
  const retryOptions = { attempts: 2, initialDelay: 0.01 };
  const client = new GoogleGenAI({ apiKey: "k", httpOptions: { fetch: watched.fetch, retryOptions } });
  expect((await client.models.generateContent(asked)).text).toBe("Hello");
  expect(model.requests).toHaveLength(2);
});

test("calling off lets the model go", async () => {
  const model = scripted({ hang: true });
  const stop = new AbortController();
  const client = new GoogleGenAI({ apiKey: "k", httpOptions: { fetch: dropIn(model) } });
  const asking = client.models.generateContent({ ...asked, config: { abortSignal: stop.signal } });
  await expect.poll(() => model.open).toBe(1);
  stop.abort();
  await expect(asking).rejects.toMatchObject({ name: "AbortError" });
  await expect.poll(() => model.open).toBe(0);
});

test("what only Google would read is said to be dropped", async () => {
  const client = clientOf(scriptedAs({ provider: "other" }, "Hello"));
  const answer = await client.models.generateContent({
    ...asked,
    config: { safetySettings: [], cachedContent: "cachedContents/1" },
  });
  expect(answer.sdkHttpResponse?.headers?.["x-plugboard-warnings"]).toContain("dropped cachedContent");
});

test("what is not served is not found, in Google's form", async () => {
  const failed: unknown = await clientOf(scripted("hi"))
    .files.list()
    .catch((cause: unknown) => cause);
  watched = undefined;
  expect(failed).toMatchObject({ status: 404, message: expect.stringContaining("NOT_FOUND") });
});
