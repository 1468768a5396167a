import { defineEmbeddingModel } from "@plugboard/core";
import { openai } from "@plugboard/openai";
import { validator } from "@plugboard/recordings";
import type { SimulatedAnswer } from "@plugboard/testing";
import { describe, expect, test } from "vitest";
import { providerKey, testGateway } from "./test-gateway.ts";
import type { TestGateway } from "./test-gateway.ts";

const schemas = await validator();

const messages = [{ role: "user", content: "Hello" }];
const contents = [{ role: "user", parts: [{ text: "Hello" }] }];
const tool = { name: "weather", description: "Weather", schema: { type: "object", properties: { city: { type: "string" } } } };

/** The same question in each protocol: where, with and without a stream, and the schemas that its answers fit. */
const protocols = [
  {
    name: "chat completions",
    at: () => "/v1/chat/completions",
    body: { model: "fast", messages, tools: [{ type: "function", function: { name: tool.name, parameters: tool.schema } }] },
    schemas: ["openai-chat"],
    headers: {},
    operation: undefined,
  },
  {
    name: "responses",
    at: () => "/v1/responses",
    body: { model: "fast", input: "Hello", tools: [{ type: "function", name: tool.name, parameters: tool.schema, strict: false }] },
    schemas: ["openai-responses"],
    headers: {},
    operation: undefined,
  },
  ...(["2026-10-21", "2023-06-01"] as const).map((version) => ({
    name: `messages of ${version}`,
    at: () => "/v1/messages",
    body: { model: "fast", max_tokens: 1000, messages, tools: [{ name: tool.name, input_schema: tool.schema }] },
    schemas: [version === "2026-10-21" ? "anthropic-messages" : "anthropic-messages-2023-06-01"],
    headers: { "anthropic-version": version },
    operation: "messages",
  })),
  {
    name: "contents",
    at: (stream: boolean) => `/v1beta/models/fast:${stream ? "streamGenerateContent?alt=sse" : "generateContent"}`,
    body: { contents, tools: [{ functionDeclarations: [{ name: tool.name, parametersJsonSchema: tool.schema }] }] },
    schemas: ["gemini"],
    headers: {},
    operation: "generateContent",
  },
] as const;

const answers: readonly (readonly [string, SimulatedAnswer])[] = [
  ["a text", "Good day — to you."],
  ["thoughts and a text", { reasoning: "Hm.", text: "Good day." }],
  ["tool calls", { text: "Let me see.", toolCalls: [{ name: "weather", input: { city: "Oslo" } }, { name: "weather", input: {} }] }],
  ["a refusal", { text: "No.", finishReason: "refusal" }],
  ["a text that was cut", { text: "Good", finishReason: "length" }],
  ["nothing", { text: "" }],
];

function eventsIn(text: string): unknown[] {
  return text
    .split("\n")
    .filter((line) => line.startsWith("data: ") && line !== "data: [DONE]")
    .map((line) => JSON.parse(line.slice(6)) as unknown);
}

async function ask(door: TestGateway, { at, body, headers }: (typeof protocols)[number], stream: boolean): Promise<Response> {
  const streaming = at(stream) === at(false);
  return door.post(at(stream), stream && streaming ? { ...body, stream: true } : body, { headers });
}

describe.skipIf(!schemas).each(protocols)("what $name are answered with fits the schema", (protocol) => {
  const [folder] = protocol.schemas;
  test.each(answers)("of %s, whole and streamed", async (_, answer) => {
    await using door = await testGateway({ answer });
    const whole = await ask(door, protocol, false);
    expect(whole.status).toBe(200);
    expect(schemas!.responseErrors(folder, await whole.json(), protocol.operation)).toEqual([]);
    const streamed = await ask(door, protocol, true);
    expect(streamed.headers.get("content-type")).toContain("text/event-stream");
    const events = eventsIn(await streamed.text());
    expect(events.length).toBeGreaterThan(0);
    const operation = folder === "gemini" ? "streamGenerateContent" : protocol.operation;
    for (const event of events) expect(schemas!.eventErrors(folder, event, operation)).toEqual([]);
  });

  test("of errors, before an answer and in its midst", async () => {
    await using late = await testGateway({ answer: "word ".repeat(100), fault: { type: "cut", at: 100 } });
    const events = eventsIn(await (await ask(late, protocol, true)).text());
    const last = events.at(-1);
    expect(JSON.stringify(last)).toContain("The connection to the provider of the model failed.");
    if (folder !== "gemini" && folder !== "openai-chat") expect(schemas!.eventErrors(folder, last, protocol.operation)).toEqual([]);

    await using early = await testGateway({ answer: "Hi", fault: { type: "throttle", retryAfter: 2000 } });
    const bodies = [
      await ask(early, protocol, false),
      await ask(early, protocol, true),
      await early.post(protocol.at(false), { nonsense: true }, { headers: protocol.headers }),
      await early.post(protocol.at(false), protocol.body, { headers: { authorization: "" } }),
      await early.post(protocol.at(false).replace("fast", "none"), { ...protocol.body, model: "none" }),
    ];
    expect(bodies.map(({ status }) => status)).toEqual([429, 429, 400, 401, 404]);
    for (const body of bodies) expect(schemas!.errorErrors(folder, await body.json())).toEqual([]);
  });
});

test.skipIf(!schemas)("embeddings, counts and lists of models fit their schemas", async () => {
  const vectors = defineEmbeddingModel({
    provider: "test",
    id: "vectors",
    call: async ({ values }) => ({ model: "v", embeddings: values.map(() => [1, 2]), usage: { input: 3 }, warnings: [] }),
  });
  await using door = await testGateway(
    { answer: "Hi" },
    { makeModels: (url) => ({ vectors, fast: openai("gpt-4o", { baseURL: `${url}/v1`, apiKey: providerKey }) }) },
  );
  const embedded = await door.post("/v1/embeddings", { model: "vectors", input: ["a", "b"] });
  expect(schemas!.responseErrors("openai-embeddings", await embedded.json())).toEqual([]);
  const google = await door.post("/v1beta/models/vectors:batchEmbedContents", {
    requests: [{ model: "models/vectors", content: { parts: [{ text: "a" }] } }],
  });
  expect(schemas!.responseErrors("gemini", await google.json(), "batchEmbedContents")).toEqual([]);
  for (const [folder, version] of [["anthropic-messages", "2026-10-21"], ["anthropic-messages-2023-06-01", "2023-06-01"]] as const) {
    const count = await door.post("/v1/messages/count_tokens", { model: "fast", messages }, { headers: { "anthropic-version": version } });
    expect(schemas!.responseErrors(folder, await count.json(), "count_tokens")).toEqual([]);
  }
  const counted = await door.post("/v1beta/models/fast:countTokens", { contents });
  expect(schemas!.responseErrors("gemini", await counted.json(), "countTokens")).toEqual([]);
  const get = (headers: Record<string, string>) => fetch(`${door.url}/v1/models`, { headers: { "x-api-key": door.key, ...headers } });
  expect(schemas!.responseErrors("openai-models", await (await get({})).json())).toEqual([]);
  const anthropicList = await (await get({ "anthropic-version": "2026-10-21" })).json();
  expect(schemas!.responseErrors("anthropic-messages", anthropicList, "models")).toEqual([]);
});
