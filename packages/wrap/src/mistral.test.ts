import { HTTPClient, Mistral } from "@mistralai/mistralai";
import { defineEmbeddingModel } from "@plugboard/core";
import { mistralRoutes } from "@plugboard/openai/serve";
import { validated, validator } from "@plugboard/recordings";
import type { Validated } from "@plugboard/recordings";
import { scripted } from "@plugboard/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { dropIn } from "./drop-in.ts";

const schemas = await validator();
const asked = { model: "any", messages: [{ role: "user" as const, content: "Hello" }] };
let watched: Validated | undefined;

/** The real client in front of a model. */
function clientOf(model: Parameters<typeof dropIn>[0]): Mistral {
  watched = validated(dropIn(model, { routes: mistralRoutes() }), schemas, "mistral");
  return new Mistral({
    apiKey: "key-of-the-client",
    httpClient: new HTTPClient({ fetcher: watched.fetch }),
    retryConfig: { strategy: "none" },
  });
}

beforeEach(() => {
  watched = undefined;
});
afterEach(() => watched?.verify());

test("chat is answered whole, and no header of the client goes on", async () => {
  const model = scripted([{ usage: { input: 3, output: 2 } }, "Hel", "lo"]);
  const answer = await clientOf(model).chat.complete({ ...asked, randomSeed: 7, toolChoice: "any" });
  expect(answer.choices[0]?.message?.content).toBe("Hello");
  expect(answer.usage.totalTokens).toBe(5);
  expect(model.requests[0]).toMatchObject({ seed: 7, toolChoice: "required" });
  expect(model.requests[0]).not.toHaveProperty("headers");
  expect(JSON.stringify(model.requests[0])).not.toContain("key-of-the-client");
});

test("chat streams, with the usage unasked", async () => {
  const call = { toolCall: { name: "weather", input: { city: "Oslo" }, id: "callnine1" } };
  const stream = await clientOf(scripted([{ usage: { input: 3, output: 2 } }, "Let me ", "look.", call])).chat.stream({
    ...asked,
    tools: [{ type: "function", function: { name: "weather", parameters: {} } }],
  });
  let text = "";
  let total: number | undefined;
  const names: string[] = [];
  for await (const { data } of stream) {
    const delta = data.choices[0]?.delta;
    if (typeof delta?.content === "string") text += delta.content;
    for (const { function: called } of delta?.toolCalls ?? []) if (called.name) names.push(called.name);
    total = data.usage?.totalTokens ?? total;
  }
  expect(text).toBe("Let me look.");
  expect(names).toEqual(["weather"]);
  expect(total).toBe(5);
});

test("gaps are filled, in the words of chat", async () => {
  const model = scripted("a + b");
  const client = clientOf(model);
  watched = undefined; // nobody wrote a schema for it
  const answer = await client.fim.complete({ model: "any", prompt: "function add(a, b) { return ", suffix: " }" });
  expect(answer.choices[0]?.message?.content).toBe("a + b");
  expect(model.requests[0]).toMatchObject({ suffix: " }", messages: [{ role: "user" }] });
});

test("texts are embedded", async () => {
  const vectors = defineEmbeddingModel({
    provider: "test",
    id: "vectors",
    call: async ({ values, dimensions = 0 }) => ({
      model: "vectors",
      embeddings: values.map((_, at) => [at, dimensions]),
      usage: { input: 4 },
      warnings: [],
    }),
  });
  const answer = await clientOf(vectors).embeddings.create({ model: "any", inputs: ["a", "b"], outputDimension: 3 });
  expect(answer.data.map(({ embedding }) => embedding)).toEqual([
    [0, 3],
    [1, 3],
  ]);
});

test("what goes wrong is the client's own error", async () => {
  const failed: unknown = await clientOf(scripted({ error: "rate-limit", message: "Slow down." }))
    .chat.complete(asked)
    .catch((cause: unknown) => cause);
  watched = undefined; // OpenAI's form, which the client takes too
  expect(failed).toMatchObject({ statusCode: 429, message: expect.stringContaining("Slow down.") });
});
