import { defineEmbeddingModel } from "@plugboard/core";
import { openai } from "@plugboard/openai";
import { validator } from "@plugboard/recordings";
import type { SimulatedAnswer } from "@plugboard/testing";
import type OpenAI from "openai";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { providerKey, testGateway } from "./test-gateway.ts";
import type { TestGateway } from "./test-gateway.ts";

const schemas = await validator();

const messages = [{ role: "user", content: "Hello" }];
const contents = [{ role: "user", parts: [{ text: "Hello" }] }];
const tool = {
  name: "weather",
  description: "Weather",
  schema: { type: "object", properties: { city: { type: "string" } } },
};

/** The same question in each protocol: where, with and without a stream, and the schemas that its answers fit. */
const protocols = [
  {
    name: "chat completions",
    at: () => "/v1/chat/completions",
    body: {
      model: "fast",
      messages,
      tools: [{ type: "function", function: { name: tool.name, parameters: tool.schema } }],
    },
    schemas: ["openai-chat"],
    headers: {},
    operation: undefined,
  },
  {
    name: "responses",
    at: () => "/v1/responses",
    body: {
      model: "fast",
      input: "Hello",
      tools: [{ type: "function", name: tool.name, parameters: tool.schema, strict: false }],
    },
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
  [
    "tool calls",
    {
      text: "Let me see.",
      toolCalls: [
        { name: "weather", input: { city: "Oslo" } },
        { name: "weather", input: {} },
      ],
    },
  ],
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

async function ask(
  door: TestGateway,
  { at, body, headers }: (typeof protocols)[number],
  stream: boolean,
): Promise<Response> {
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
    // The others have an error in a stream without a schema of its own.
    const isEvent = folder !== "gemini" && folder !== "openai-chat";
    expect(isEvent ? schemas!.eventErrors(folder, last, protocol.operation) : []).toEqual([]);

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

/** What OpenAI's client declares of a completion, for which there is no schema elsewhere. */
const completion = z.object({
  id: z.string().min(1),
  object: z.literal("text_completion"),
  created: z.int().positive(),
  model: z.string().min(1),
  choices: z.array(
    z.strictObject({
      text: z.string(),
      index: z.literal(0),
      logprobs: z.null(),
      finish_reason: z.enum(["stop", "length", "content_filter"]),
    }),
  ),
  usage: z.looseObject({ prompt_tokens: z.int(), completion_tokens: z.int(), total_tokens: z.int() }).optional(),
}) satisfies z.ZodType<Omit<OpenAI.Completion, "usage">>;

/** Of a stream: the reason is told at the end. */
const piece = completion.extend({
  choices: z.array(completion.shape.choices.element.extend({ finish_reason: z.string().nullable() })),
});

test.each(answers)("what completions are answered with fits what OpenAI declares: %s", async (_, answer) => {
  await using door = await testGateway({ answer });
  const asked = { model: "fast", prompt: "Hel" };
  completion.parse(await (await door.post("/v1/completions", asked)).json());
  const options = { stream: true, stream_options: { include_usage: true } };
  const events = eventsIn(await (await door.post("/v1/completions", { ...asked, ...options })).text());
  const pieces = events.map((event) => piece.parse(event));
  const reasons = pieces.flatMap(({ choices }) => choices.flatMap(({ finish_reason: reason }) => reason ?? []));
  expect(reasons).toHaveLength(1);
  expect(pieces.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: expect.any(Number) as number } });
});

/** A gateway that has vectors too. */
function vectorGateway(): Promise<TestGateway> {
  const vectors = defineEmbeddingModel({
    provider: "test",
    id: "vectors",
    call: async ({ values }) => ({
      model: "v",
      embeddings: values.map(() => [1, 2]),
      usage: { input: 3 },
      warnings: [],
    }),
  });
  return testGateway(
    { answer: "Hi" },
    { makeModels: (url) => ({ vectors, fast: openai("gpt-4o", { baseURL: `${url}/v1`, apiKey: providerKey }) }) },
  );
}

const versions = { "2026-10-21": "anthropic-messages", "2023-06-01": "anthropic-messages-2023-06-01" } as const;
const part = { content: { parts: [{ text: "a" }] } };

interface Other {
  readonly path: string;
  readonly body: object;
  readonly schema: string;
  readonly operation: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What is no chat: where it is asked, with what, and the schema of its answers. */
const others: readonly Other[] = [
  ...[{ input: ["a", "b"] }, { input: "a", encoding_format: "base64" }].map((body) => ({
    path: "/v1/embeddings",
    body: { model: "vectors", ...body },
    schema: "openai-embeddings",
    operation: "embeddings",
  })),
  { path: "/v1beta/models/vectors:embedContent", body: part, schema: "gemini", operation: "embedContent" },
  {
    path: "/v1beta/models/vectors:batchEmbedContents",
    body: { requests: [{ model: "models/vectors", ...part }] },
    schema: "gemini",
    operation: "batchEmbedContents",
  },
  { path: "/v1beta/models/fast:countTokens", body: { contents }, schema: "gemini", operation: "countTokens" },
  ...Object.entries(versions).map(([version, schema]) => ({
    path: "/v1/messages/count_tokens",
    body: { model: "fast", messages },
    schema,
    operation: "count_tokens",
    headers: { "anthropic-version": version },
  })),
];

test.skipIf(!schemas).each(others)("$path: $body fits its schema, and so do its errors", async (other) => {
  const { path, body, schema, operation, headers = {} } = other;
  await using door = await vectorGateway();
  const answered = await door.post(path, body, { headers });
  expect(answered.status).toBe(200);
  expect(schemas!.responseErrors(schema, await answered.json(), operation)).toEqual([]);
  const none = "model" in body ? { ...body, model: "none" } : body;
  const refusals = [
    await door.post(path.replace(/vectors|fast/, "none"), none, { headers }),
    await door.post(path, { nonsense: true }, { headers }),
    await door.post(path, body, { headers: { ...headers, authorization: "" } }),
    await door.post(path, "{", { headers }),
    await door.post(path, body, { headers: { ...headers, "content-type": "text/plain" } }),
    await fetch(door.url + path, { headers: { "x-api-key": door.key, ...headers } }),
  ];
  expect(refusals.map(({ status }) => status)).toEqual([404, 400, 401, 400, 415, 405]);
  for (const refusal of refusals) expect(schemas!.errorErrors(schema, await refusal.json())).toEqual([]);
});

test.skipIf(!schemas)("lists of models fit their schemas, and so does what is no path", async () => {
  await using door = await vectorGateway();
  const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(door.url + path, { headers: { "x-api-key": door.key, ...headers } });
  const list = await (await get("/v1/models")).json();
  expect(schemas!.responseErrors("openai-models", list)).toEqual([]);
  const { data } = list as { readonly data: readonly unknown[] };
  expect(await (await get("/v1/models/fast")).json()).toEqual(data[1]);
  const anthropicList = await (await get("/v1/models", { "anthropic-version": "2026-10-21" })).json();
  expect(schemas!.responseErrors("anthropic-messages", anthropicList, "models")).toEqual([]);
  const refusals = [await get("/v1/models/none"), await get("/v1/nothing"), await fetch(`${door.url}/v1/models`)];
  expect(refusals.map(({ status }) => status)).toEqual([404, 404, 401]);
  for (const refusal of refusals) expect(schemas!.errorErrors("openai-models", await refusal.json())).toEqual([]);
});
