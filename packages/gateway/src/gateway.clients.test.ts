import Anthropic from "@anthropic-ai/sdk";
import { GoogleGenAI } from "@google/genai";
import { defineEmbeddingModel } from "@plugboard/core";
import { anthropic } from "@plugboard/anthropic";
import { openai } from "@plugboard/openai";
import { validated, validator } from "@plugboard/recordings";
import type { Validated } from "@plugboard/recordings";
import OpenAI from "openai";
import { zodResponseFormat, zodTextFormat } from "openai/helpers/zod";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { providerKey, testGateway } from "./test-gateway.ts";
import type { TestGateway } from "./test-gateway.ts";

const hello = { messages: [{ role: "user" as const, content: "Hello" }] };
const answer = "Good day to you, whoever you are.";

const schemas = await validator();
let watched: Validated | undefined;

beforeEach(() => void (watched = undefined));
afterEach(() => watched?.verify());

/** Clients, all of whose answers are held against the schemas; Google's takes no other fetch. */
function clientsOf({ baseURL, url, key }: TestGateway) {
  watched = validated(fetch, schemas);
  const { fetch: watching } = watched;
  return {
    openai: new OpenAI({ baseURL, apiKey: key, maxRetries: 0, fetch: watching }),
    anthropic: new Anthropic({ baseURL: url, apiKey: key, maxRetries: 0, fetch: watching }),
    google: new GoogleGenAI({ apiKey: key, httpOptions: { baseUrl: url } }),
  };
}

test("the client of OpenAI chats, whole and streamed", async () => {
  await using door = await testGateway({ answer });
  const client = clientsOf(door).openai;
  const whole = await client.chat.completions.create({ model: "fast", ...hello });
  expect(whole.choices[0]?.message.content).toBe(answer);
  expect(whole.usage).toMatchObject({ prompt_tokens: 2, completion_tokens: 9 });

  const stream = client.chat.completions.stream({ model: "fast", ...hello, stream_options: { include_usage: true } });
  let deltas = 0;
  stream.on("content", () => deltas++);
  const final = await stream.finalChatCompletion();
  expect(final.choices[0]?.message.content).toBe(answer);
  expect(final.usage?.completion_tokens).toBe(9);
  expect(deltas).toBeGreaterThan(3);
});

test("the client of OpenAI parses structured answers", async () => {
  const schema = z.object({ city: z.string(), degrees: z.number() });
  await using door = await testGateway({ answer: '{"city":"Oslo","degrees":4}' });
  const parsed = await clientsOf(door).openai.chat.completions.parse({
    model: "fast",
    ...hello,
    response_format: zodResponseFormat(schema, "weather"),
  });
  expect(parsed.choices[0]?.message.parsed).toEqual({ city: "Oslo", degrees: 4 });
  const answered = await clientsOf(door).openai.responses.parse({
    model: "fast",
    input: "Hello",
    text: { format: zodTextFormat(schema, "weather") },
  });
  expect(answered.output_parsed).toEqual({ city: "Oslo", degrees: 4 });
  for (const { request } of door.simulator.requests) expect(request?.output?.name).toBe("weather");
  expect(door.simulator.requests).toHaveLength(2);
});

test("the client of OpenAI runs tools", async () => {
  await using door = await testGateway({
    answer: (request) =>
      request.messages.some(({ role }) => role === "tool")
        ? "It is 4 degrees."
        : { toolCalls: [{ name: "weather", input: { city: "Oslo" } }] },
  });
  const asked: unknown[] = [];
  const runner = clientsOf(door).openai.chat.completions.runTools({
    model: "fast",
    ...hello,
    tools: [
      {
        type: "function",
        function: {
          name: "weather",
          description: "The weather of a city",
          parameters: { type: "object", properties: { city: { type: "string" } } },
          parse: JSON.parse,
          function: (input: object) => {
            asked.push(input);
            return "4 degrees";
          },
        },
      },
    ],
  });
  await expect(runner.finalContent()).resolves.toBe("It is 4 degrees.");
  expect(asked).toEqual([{ city: "Oslo" }]);
});

test("the client of OpenAI asks for responses, whole and streamed", async () => {
  await using door = await testGateway({ answer });
  const client = clientsOf(door).openai;
  const whole = await client.responses.create({ model: "fast", input: "Hello" });
  expect(whole.output_text).toBe(answer);
  const stream = client.responses.stream({ model: "fast", input: "Hello" });
  let deltas = "";
  for await (const event of stream) if (event.type === "response.output_text.delta") deltas += event.delta;
  expect(deltas).toBe(answer);
  expect((await stream.finalResponse()).usage?.output_tokens).toBe(9);
});

test("the client of OpenAI completes texts, whole and streamed", async () => {
  await using door = await testGateway({ answer });
  const client = clientsOf(door).openai;
  watched = undefined; // nobody wrote a schema for completions
  const asked = { model: "fast", prompt: "Hel" } as const;
  expect((await client.completions.create(asked)).choices[0]!.text).toBe(answer);
  let text = "";
  for await (const chunk of await client.completions.create({ ...asked, stream: true }))
    text += chunk.choices[0]?.text ?? "";
  expect(text).toBe(answer);
});

test("the client of OpenAI embeds, and lists models", async () => {
  const vectors = defineEmbeddingModel({
    provider: "test",
    id: "vectors",
    call: async ({ values }) => ({
      model: "vectors",
      embeddings: values.map((value) => [value.length, 0.5]),
      usage: { input: 3 },
      warnings: [],
    }),
  });
  await using door = await testGateway({ answer }, { makeModels: () => ({ vectors }) });
  const { openai: client, google } = clientsOf(door);
  const { data, usage } = await client.embeddings.create({ model: "vectors", input: ["a", "bcd"] });
  expect(data.map(({ embedding }) => embedding)).toEqual([
    [1, 0.5],
    [3, 0.5],
  ]);
  expect(usage.prompt_tokens).toBe(3);
  const embedded = await google.models.embedContent({ model: "vectors", contents: "abcd" });
  expect(embedded.embeddings?.[0]?.values).toEqual([4, 0.5]);
  const names: string[] = [];
  for await (const model of client.models.list()) names.push(model.id);
  expect(names).toEqual(["vectors"]);
  await expect(client.models.retrieve("vectors")).resolves.toMatchObject({ id: "vectors", object: "model" });
  await expect(client.chat.completions.create({ model: "vectors", ...hello })).rejects.toMatchObject({ status: 404 });
});

test("the client of Anthropic sends messages, whole and streamed", async () => {
  await using door = await testGateway({ answer });
  const client = clientsOf(door).anthropic;
  const whole = await client.messages.create({ model: "fast", max_tokens: 100, ...hello });
  expect(whole.content).toMatchObject([{ type: "text", text: answer }]);
  const stream = client.messages.stream({ model: "fast", max_tokens: 100, ...hello });
  await expect(stream.finalText()).resolves.toBe(answer);
  expect((await stream.finalMessage()).usage.output_tokens).toBe(9);
  const listed = await client.models.list();
  expect(listed.data.map(({ id }) => id)).toEqual(["fast"]);
});

test("the client of Anthropic runs tools", async () => {
  await using door = await testGateway({
    answer: (request) =>
      request.messages.some(({ role }) => role === "tool")
        ? "It is 4 degrees."
        : { toolCalls: [{ name: "weather", input: { city: "Oslo" } }] },
  });
  const client = clientsOf(door).anthropic;
  const asked: unknown[] = [];
  const final = await client.beta.messages.toolRunner({
    model: "fast",
    max_tokens: 100,
    ...hello,
    tools: [
      {
        type: "custom",
        name: "weather",
        description: "The weather of a city",
        input_schema: { type: "object", properties: { city: { type: "string" } } },
        parse: (input: unknown) => input,
        run: (input: unknown) => {
          asked.push(input);
          return "4 degrees";
        },
      },
    ],
  });
  expect(asked).toEqual([{ city: "Oslo" }]);
  expect(final.content).toMatchObject([{ type: "text", text: "It is 4 degrees." }]);
});

test("the client of Anthropic counts tokens where the provider does, and elsewhere they are counted here", async () => {
  await using door = await testGateway(
    { answer },
    {
      makeModels: (baseURL) => ({
        claude: anthropic("claude-haiku-4-5", { baseURL, apiKey: providerKey, transport: countsTo(42) }),
        fast: openai("gpt-4o", { apiKey: providerKey }),
      }),
    },
  );
  const client = clientsOf(door).anthropic;
  await expect(client.messages.countTokens({ model: "claude", ...hello })).resolves.toMatchObject({ input_tokens: 42 });
  const { input_tokens: counted } = await client.messages.countTokens({ model: "fast", ...hello });
  expect(counted).toBeGreaterThan(0);
  expect(counted).toBeLessThan(20);
});

test("the client of Gemini asks for contents, whole, streamed and with tools", async () => {
  await using door = await testGateway({
    answer: (request) => (request.tools ? { toolCalls: [{ name: "weather", input: { city: "Oslo" } }] } : answer),
  });
  const client = clientsOf(door).google;
  watched = undefined;
  const whole = await client.models.generateContent({ model: "fast", contents: "Hello" });
  expect(whole.text).toBe(answer);
  let text = "";
  for await (const chunk of await client.models.generateContentStream({ model: "fast", contents: "Hello" })) {
    text += chunk.text ?? "";
  }
  expect(text).toBe(answer);
  const called = await client.models.generateContent({
    model: "fast",
    contents: "Hello",
    config: { tools: [{ functionDeclarations: [{ name: "weather", parametersJsonSchema: { type: "object" } }] }] },
  });
  expect(called.functionCalls).toMatchObject([{ name: "weather", args: { city: "Oslo" } }]);
});

test("clients hear of failures in their own classes of errors", async () => {
  await using door = await testGateway({ answer, fault: { type: "throttle", retryAfter: 1000 } });
  const { openai: client, anthropic: other } = clientsOf(door);
  await expect(client.chat.completions.create({ model: "fast", ...hello })).rejects.toBeInstanceOf(
    OpenAI.RateLimitError,
  );
  await expect(client.chat.completions.create({ model: "none", ...hello })).rejects.toBeInstanceOf(
    OpenAI.NotFoundError,
  );
  await expect(other.messages.create({ model: "fast", max_tokens: 9, ...hello })).rejects.toBeInstanceOf(
    Anthropic.RateLimitError,
  );
  const wrong = new Anthropic({ baseURL: door.url, apiKey: "wrong", maxRetries: 0 });
  await expect(wrong.messages.create({ model: "fast", max_tokens: 9, ...hello })).rejects.toBeInstanceOf(
    Anthropic.AuthenticationError,
  );
});

/** A provider that does nothing but count. */
function countsTo(tokens: number) {
  return async () => {
    const bytes = new TextEncoder().encode(JSON.stringify({ input_tokens: tokens }));
    const reads = [{ value: bytes }, {}];
    return {
      status: 200,
      headers: { "content-type": "application/json" },
      body: { read: async () => reads.shift() ?? {}, cancel: () => {} },
    };
  };
}
