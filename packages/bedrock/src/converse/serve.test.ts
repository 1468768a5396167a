/* oxlint-disable oxc/no-map-spread -- the map is fast-check's, not an array's */
import type { AssistantPart, Json, JsonObject, ModelEvent, ModelRequest, ModelResult, Usage } from "@plugboard/core";
import { Gathering, ModelError, eventsOf } from "@plugboard/core";
import { anyObject, validator } from "@plugboard/recordings";
import { awsEventStream, failureOf } from "@plugboard/wire";
import { bedrockFailures } from "@plugboard/wire/aws";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyModel, anyRequest } from "../../test/any-request.ts";
import { converseDecoder } from "./decode-stream.ts";
import { decodeConverse } from "./decode.ts";
import { encodeConverse } from "./encode.ts";
import { converseProtocol } from "./serve.ts";

const converse = converseProtocol();
const model = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
const asked = { model, request: { messages: [] } };
const context = { model, toolName: (name: string) => name };
const schemas = await validator();

const text = fc.string({ unit: "grapheme", minLength: 1 });
const object = anyObject(text);

const part: fc.Arbitrary<AssistantPart> = fc.oneof(
  text.map((said) => ({ type: "text" as const, text: said })),
  text.map((said) => ({ type: "reasoning" as const, text: said })),
  fc.record({ said: text, signature: text }).map(({ said, signature }) => ({
    type: "reasoning" as const,
    text: said,
    providerData: { bedrock: { signature } },
  })),
  fc.constantFrom<AssistantPart>(
    { type: "opaque", kind: "redactedContent", providerData: { bedrock: { value: "YWJj" } } },
    { type: "file", mediaType: "image/png", data: new Uint8Array([1, 2, 3]) },
    {
      type: "text",
      text: "It is sunny.",
      citations: [
        {
          source: {
            type: "source",
            title: "Weather",
            url: "https://a.example",
            providerData: {
              bedrock: {
                title: "Weather",
                location: { web: { url: "https://a.example" } },
                sourceContent: [{ text: "sunny" }],
              },
            },
          },
          quote: "sunny",
        },
      ],
    },
    {
      type: "tool-call",
      id: "s1",
      name: "nova_code_interpreter",
      input: { snippet: "1" },
      executed: true,
      providerData: { bedrock: { type: "server_tool_use" } },
    },
  ),
);
const call: fc.Arbitrary<AssistantPart> = fc
  .record({ id: text, name: text, input: object })
  .map((made) => ({ type: "tool-call", ...made }));
const content = fc
  .tuple(
    fc.array(part, { maxLength: 4 }),
    fc.uniqueArray(call, { maxLength: 3, selector: (made) => (made.type === "tool-call" ? made.id : "") }),
  )
  .map((parts) => parts.flat());

const usage: fc.Arbitrary<Usage> = fc.record(
  {
    input: fc.integer({ min: 100, max: 1_000_000 }),
    output: fc.nat(1_000_000),
    cachedInput: fc.nat(30),
    cacheWrite5m: fc.nat(30),
    serverTools: fc.constant({ nova_grounding: 2 }),
  },
  { requiredKeys: ["input", "output"] },
);

const results: fc.Arbitrary<ModelResult> = fc
  .record({
    content,
    usage,
    reason: fc.constantFrom("stop", "length", "content-filter"),
    raw: fc.constantFrom(undefined, "stop_sequence", "guardrail_intervened", "model_context_window_exceeded"),
    extras: fc.constantFrom<JsonObject>(
      {},
      { additionalModelResponseFields: { a: 1 } },
      { performanceConfig: { latency: "optimized" }, serviceTier: { type: "flex" } },
    ),
  })
  .filter(({ reason, content: parts }) => reason === "stop" || parts.every(({ type }) => type !== "tool-call"))
  .map(({ reason, raw, extras, ...result }): ModelResult => {
    const calls = result.content.some((made) => made.type === "tool-call" && !made.executed);
    const finishReason = calls ? "tool-calls" : reason;
    const meant = {
      stop_sequence: "stop",
      guardrail_intervened: "content-filter",
      model_context_window_exceeded: "length",
    };
    const usual = {
      stop: "end_turn",
      length: "max_tokens",
      "content-filter": "content_filtered",
      "tool-calls": "tool_use",
    };
    const rawFinishReason = raw !== undefined && meant[raw] === finishReason ? raw : usual[finishReason];
    const providerData = { bedrock: { ...extras, metrics: { latencyMs: 0 } } };
    return { ...result, model, finishReason, rawFinishReason, providerData, warnings: [] };
  });

/** The arguments as written, which a stream alone tells. */
function withoutRaw(result: ModelResult): ModelResult {
  return {
    ...result,
    content: result.content.map((made) => {
      if (made.type !== "tool-call") return made;
      const { raw: _, ...rest } = made;
      return rest;
    }),
  };
}

/** What a client of ours makes of a stream that is served. */
function readBack(events: readonly ModelEvent[], request: ModelRequest = asked.request): ModelResult {
  const writer = converse.writer({ model, request });
  const out: ModelEvent[] = [];
  const decoder = converseDecoder({}, context);
  const framing = awsEventStream.open(decoder, 1_000_000);
  for (const event of events) framing.push(writer.write(event) as Uint8Array, out);
  decoder.end(out);
  const gathering = new Gathering();
  for (const event of out) gathering.add(event);
  return gathering.result;
}

test("an answer that is served and read back has lost nothing, in one body and as a stream", () => {
  fc.assert(
    fc.property(results, fc.boolean(), (result, known) => {
      const names = new Set(
        result.content.flatMap((made) => (made.type === "tool-call" && !made.executed ? made.name : [])),
      );
      const tools = [...names].map((name) => ({ name, input: {} }));
      expect(decodeConverse(converse.writeResult(result, asked), {}, context)).toEqual(result);
      const streamed = readBack(eventsOf(result), { messages: [], ...(known && { tools }) });
      expect(withoutRaw(streamed)).toEqual(result);
    }),
    { numRuns: 300 },
  );
});

/** The events of a stream as the schema has them: `{ "<type>": payload }`. */
function eventsServed(result: ModelResult): JsonObject[] {
  const events: JsonObject[] = [];
  const writer = converse.writer(asked);
  const reading = {
    push: (data: string, name: string) => void events.push({ [name]: JSON.parse(data) as Json }),
    end() {},
  };
  const framing = awsEventStream.open(reading, 1_000_000);
  for (const event of eventsOf(result)) framing.push(writer.write(event) as Uint8Array, []);
  return events;
}

test.skipIf(!schemas)(
  "what is served is what Bedrock would serve, by its schema (skipped where it is not there)",
  () => {
    // What the schema asks of the words of a model and an application is theirs.
    const named = results.filter(({ content: parts }) =>
      parts.every(
        (made) =>
          made.type !== "tool-call" || (/^[a-zA-Z0-9_-]{1,64}$/.test(made.name) && /^[a-zA-Z0-9_-]+$/.test(made.id)),
      ),
    );
    fc.assert(
      fc.property(named, (result) => {
        expect(schemas!.responseErrors("bedrock", converse.writeResult(result, asked), "converse")).toEqual([]);
        expect(eventsServed(result).flatMap((event) => schemas!.eventErrors("bedrock", event))).toEqual([]);
      }),
    );
    const error = converse.writeError(new ModelError("no", { code: "server" }));
    expect(schemas!.errorErrors("bedrock", error.body)).toEqual([]);
  },
);

test("a stream has Bedrock's events in its order: a text has no beginning, and the counts come last", () => {
  const parts: AssistantPart[] = [
    { type: "text", text: "Hi" },
    { type: "tool-call", id: "1", name: "f", input: {} },
  ];
  const result: ModelResult = { model, content: parts, finishReason: "tool-calls", usage: {}, warnings: [] };
  expect(eventsServed(result)).toEqual([
    { messageStart: { role: "assistant" } },
    { contentBlockDelta: { contentBlockIndex: 0, delta: { text: "Hi" } } },
    { contentBlockStop: { contentBlockIndex: 0 } },
    { contentBlockStart: { contentBlockIndex: 1, start: { toolUse: { toolUseId: "1", name: "f" } } } },
    { contentBlockDelta: { contentBlockIndex: 1, delta: { toolUse: { input: "{}" } } } },
    { contentBlockStop: { contentBlockIndex: 1 } },
    { messageStop: { stopReason: "tool_use" } },
    { metadata: { usage: { inputTokens: 0, outputTokens: 0, totalTokens: 0 }, metrics: { latencyMs: 0 } } },
  ]);
});

test("what was written to the cache for an hour is told apart", () => {
  const counted = { input: 10, output: 1, cachedInput: 2, cacheWrite5m: 3, cacheWrite1h: 4 };
  const result: ModelResult = { model, content: [], finishReason: "stop", usage: counted, warnings: [] };
  expect(decodeConverse(converse.writeResult(result, asked), {}, context).usage).toEqual(counted);
  expect(readBack(eventsOf(result)).usage).toEqual(counted);
});

test("what Bedrock ran comes back with its result, and what others ran or own is left out", () => {
  const ran: AssistantPart[] = [
    {
      type: "tool-call",
      id: "s1",
      name: "nova_grounding",
      input: { q: "a" },
      executed: true,
      providerData: { bedrock: { type: "server_tool_use" } },
    },
    {
      type: "tool-result",
      id: "s1",
      name: "nova_grounding",
      output: [{ type: "json", value: { a: 1 } }],
      executed: true,
      providerData: { bedrock: { type: "nova_grounding_result", status: "success" } },
    },
  ];
  const others: AssistantPart[] = [
    { type: "tool-call", id: "1", name: "search", input: {}, executed: true },
    { type: "tool-result", id: "1", name: "search", output: "x", executed: true },
    { type: "source", url: "https://a.example" },
    { type: "file", mediaType: "image/png", data: new URL("https://a.example/b.png") },
    { type: "file", mediaType: "application/pdf", data: new Uint8Array([1]) },
    { type: "opaque", kind: "other", providerData: { openai: {} } },
    { type: "text", text: "" },
    { type: "reasoning", text: "" },
  ];
  const result: ModelResult = { model, content: [...ran, ...others], finishReason: "stop", usage: {}, warnings: [] };
  expect(decodeConverse(converse.writeResult(result, asked), {}, context).content).toEqual(ran);
  expect(withoutRaw(readBack(eventsOf(result))).content).toEqual(ran);
});

test("parts that were said in no delta are said whole, and ones that were are ended alone", () => {
  const parts: AssistantPart[] = [
    { type: "text", text: "Hi" },
    { type: "reasoning", text: "Hm." },
    { type: "tool-call", id: "1", name: "f", input: {} },
  ];
  const events: ModelEvent[] = [
    { type: "start", model },
    { type: "usage", usage: {} },
    { type: "text-delta", index: 9, text: "" },
    { type: "reasoning-delta", index: 9, text: "" },
    ...parts.map((said, index): ModelEvent => ({ type: "part", index, part: said })),
    { type: "tool-call-start", index: 4, id: "2", name: "f" },
    { type: "tool-call-delta", index: 4, text: "" },
    { type: "part", index: 4, part: { type: "tool-call", id: "2", name: "f", input: {}, executed: true } },
    { type: "finish", finishReason: "tool-calls", usage: {} },
  ];
  const { content: read } = readBack(events, { messages: [], tools: [{ name: "f", input: {} }] });
  expect(read.slice(0, 3)).toMatchObject(parts);
});

test("an item of Bedrock's own stands in one body; a stream has no event for it", () => {
  const own: AssistantPart = { type: "opaque", kind: "searchResult", providerData: { bedrock: { value: { a: 1 } } } };
  const result: ModelResult = { model, content: [own], finishReason: "stop", usage: {}, warnings: [] };
  expect(decodeConverse(converse.writeResult(result, asked), {}, context).content).toEqual([own]);
  expect(readBack(eventsOf(result)).content).toEqual([]);
});

test.each([
  ["budget", "max_tokens"],
  ["refusal", "content_filtered"],
  ["other", "end_turn"],
  ["unfinished", "malformed_model_output"],
] as const)("an ending by %s is told as %s", (finishReason, told) => {
  const result: ModelResult = { model, content: [], finishReason, usage: {}, warnings: [] };
  expect(converse.writeResult(result, asked)).toMatchObject({ stopReason: told });
});

describe("a request", () => {
  const schema = {
    type: "object",
    properties: { city: { type: "string" } },
    required: ["city"],
    additionalProperties: false,
  } as const;
  const messages: ModelRequest["messages"] = [
    { role: "system", content: "Be brief.", providerData: { bedrock: { cachePoint: { ttl: "1h" } } } },
    {
      role: "system",
      content: "And kind.",
      providerData: { bedrock: { guardContent: { qualifiers: ["guard_content"] } } },
    },
    {
      role: "user",
      content: [
        { type: "text", text: "Where?", providerData: { bedrock: { guardContent: { qualifiers: ["query"] } } } },
        { type: "file", mediaType: "image/png", data: new Uint8Array([1, 2]) },
        {
          type: "file",
          mediaType: "application/pdf",
          data: new URL("s3://a-bucket/a.pdf"),
          filename: "A report",
          providerData: { bedrock: { citations: { enabled: true } } },
        },
        { type: "file", mediaType: "video/mp4", data: new URL("s3://a-bucket/a.mp4") },
        { type: "text", text: "Say.", providerData: { bedrock: { cachePoint: {} } } },
      ],
    },
    {
      role: "assistant",
      content: [
        { type: "reasoning", text: "Hm.", providerData: { bedrock: { signature: "abc" } } },
        { type: "opaque", kind: "redactedContent", providerData: { bedrock: { value: "YWJj" } } },
        { type: "text", text: "I look." },
        { type: "tool-call", id: "1", name: "f", input: { a: [1, null] } },
        { type: "tool-call", id: "2", name: "g", input: {}, providerData: { bedrock: { cachePoint: {} } } },
      ],
    },
    {
      role: "tool",
      content: [
        { type: "tool-result", id: "1", name: "f", output: "one" },
        {
          type: "tool-result",
          id: "2",
          name: "g",
          output: [
            { type: "text", text: "two" },
            { type: "json", value: { three: 3 } },
            { type: "file", mediaType: "image/jpeg", data: new Uint8Array([3]) },
          ],
          isError: true,
        },
      ],
    },
    { role: "user", content: [{ type: "text", text: "And now?" }] },
  ];
  const tools: ModelRequest["tools"] = [
    { name: "f", description: "d", input: schema, strict: true },
    { name: "g", input: { type: "object" }, providerData: { bedrock: { cachePoint: {} } } },
    { type: "provider", id: "bedrock.nova_grounding" },
  ];

  test("that is encoded and read back asks the same", () => {
    const request = fc.record(
      {
        messages: fc.constant(messages),
        tools: fc.constant(tools),
        stream: fc.boolean(),
        toolChoice: fc.constantFrom("required" as const, "auto" as const, { name: "f" }),
        maxOutputTokens: fc.integer({ min: 1, max: 8000 }),
        temperature: fc.double({ min: 0, max: 1, noNaN: true }),
        topK: fc.integer({ min: 1, max: 500 }),
        stop: fc.array(text, { minLength: 1, maxLength: 4 }),
        output: fc.constantFrom({ schema, name: "answer" }, { schema, name: "answer", description: "What it is." }),
        providerOptions: fc.constant({ bedrock: { performanceConfig: { latency: "optimized" } } }),
      },
      { requiredKeys: ["messages", "tools", "stream", "maxOutputTokens"] },
    );
    fc.assert(
      fc.property(request, (asks) => {
        const { body, warnings } = encodeConverse(asks, model);
        expect(warnings).toEqual([]);
        const sent = { ...(JSON.parse(JSON.stringify(body)) as JsonObject), model };
        expect(converseProtocol({ stream: asks.stream }).readRequest(sent)).toEqual({ model, request: asks });
      }),
    );
  });

  test.each<[ModelRequest["reasoning"], string]>([
    [{ budgetTokens: 2000 }, model],
    ["low", "us.anthropic.claude-opus-4-8"],
    ["medium", "us.amazon.nova-2-lite-v1:0"],
    ["low", "openai.gpt-oss-120b-1:0"],
    ["high", "qwen.qwen3-32b-v1:0"],
  ])("to think %j is read as that, as %s is told it", (reasoning, id) => {
    const { body } = encodeConverse({ messages: [{ role: "user", content: "a" }], reasoning: reasoning! }, id);
    const { request } = converse.readRequest({ ...body, model: id });
    expect(request.reasoning).toEqual(reasoning);
    expect(request).not.toHaveProperty("providerOptions");
  });

  test("tells in the fields of a model how hard to think and how widely to sample; the rest of them is handed on", () => {
    const read = (fields: JsonObject): ModelRequest =>
      converse.readRequest({ model, messages: [], additionalModelRequestFields: fields }).request;
    expect(read({ thinking: { type: "disabled" } })).toMatchObject({ reasoning: "none" });
    expect(read({ thinking: { type: "adaptive" } })).toMatchObject({ reasoning: "high" });
    expect(read({ thinking: { type: "adaptive" }, output_config: { effort: "max" } })).toMatchObject({
      reasoning: "max",
    });
    expect(read({ inferenceConfig: { topK: 7 } })).toMatchObject({ topK: 7 });
    expect(read({ inferenceConfig: { topK: 7 }, a: 1 }).providerOptions).toEqual({
      bedrock: { additionalModelRequestFields: { a: 1 } },
    });
    expect(read({ reasoning_effort: "wild" })).not.toHaveProperty("reasoning");
  });

  test("of any kind can be read back once it is encoded, and says the same the second time", () => {
    fc.assert(
      fc.property(anyRequest, anyModel, (request, id) => {
        const once = JSON.parse(JSON.stringify(encodeConverse(request, id).body)) as JsonObject;
        const again = encodeConverse(converse.readRequest({ ...once, model: id }).request, id);
        const { messages: told, system, toolConfig } = JSON.parse(JSON.stringify(again.body)) as JsonObject;
        expect({ messages: told, system, toolConfig }).toEqual({
          messages: once["messages"],
          system: once["system"],
          toolConfig: once["toolConfig"],
        });
      }),
      { numRuns: 300 },
    );
  });

  const read = (more: JsonObject): ModelRequest => converse.readRequest({ model: "m", messages: [], ...more }).request;
  const user = (block: Json): JsonObject => ({ messages: [{ role: "user", content: [block] }] });
  const assistant = (block: Json): JsonObject => ({ messages: [{ role: "assistant", content: [block] }] });
  const toolConfig = (tool: Json): JsonObject => ({ toolConfig: { tools: [tool] } });

  test("may say less, and marks to cache may stand first", () => {
    const cachePoint = { cachePoint: { type: "default" } };
    expect(read({ system: [cachePoint], ...user(cachePoint), inferenceConfig: null, toolConfig: {} })).toEqual({
      messages: [{ role: "user", content: [] }],
      stream: false,
    });
    expect(read(toolConfig(cachePoint))).toEqual({ messages: [], stream: false });
    expect(read({ outputConfig: { effort: "low" } }).providerOptions).toEqual({
      bedrock: { outputConfig: { effort: "low" } },
    });
    const result = { toolResult: { toolUseId: "9", content: [{ searchResult: { a: 1 } }] } };
    expect(read(user(result)).messages).toEqual([
      {
        role: "tool",
        content: [
          { type: "tool-result", id: "9", name: "tool", output: [{ type: "json", value: { searchResult: { a: 1 } } }] },
        ],
      },
    ]);
  });

  test.each<[string, JsonObject]>([
    ["model", { model: "" }],
    ["messages", { messages: "hi" }],
    ["messages[0]", { messages: [null] }],
    ["messages[0].role", { messages: [{ role: "system", content: [] }] }],
    ["messages[0].content", { messages: [{ role: "user", content: "hi" }] }],
    ["messages[0].content[0]", user("hi")],
    ["messages[0].content[0]", user({ searchResult: {} })],
    ["messages[0].content[0].text", user({ text: 1 })],
    ["messages[0].content[0].guardContent.text", user({ guardContent: {} })],
    ["messages[0].content[0].image.format", user({ image: { format: "tiff", source: {} } })],
    ["messages[0].content[0].image.source", user({ image: { format: "png" } })],
    ["messages[0].content[0].image.source.bytes", user({ image: { format: "png", source: { bytes: "§" } } })],
    [
      "messages[0].content[0].image.source.s3Location.uri",
      user({ image: { format: "png", source: { s3Location: { uri: "a" } } } }),
    ],
    ["messages[0].content[0].toolResult.toolUseId", user({ toolResult: { content: [] } })],
    ["messages[0].content[0].toolResult.content[0]", user({ toolResult: { toolUseId: "1", content: [1] } })],
    ["messages[0].content[0].toolUse.name", assistant({ toolUse: { toolUseId: "1" } })],
    ["messages[0].content[0]", assistant({ image: { format: "png", source: { bytes: "§" } } })],
    ["system[0]", { system: ["x"] }],
    ["system[0]", { system: [{ image: {} }] }],
    ["inferenceConfig", { inferenceConfig: 1 }],
    ["inferenceConfig.maxTokens", { inferenceConfig: { maxTokens: "1" } }],
    ["inferenceConfig.stopSequences[0]", { inferenceConfig: { stopSequences: [1] } }],
    ["toolConfig.tools[0].toolSpec", toolConfig({})],
    ["toolConfig.tools[0].toolSpec.name", toolConfig({ toolSpec: {} })],
    ["toolConfig.tools[0].toolSpec.inputSchema.json", toolConfig({ toolSpec: { name: "f" } })],
    ["toolConfig.tools[0].systemTool.name", toolConfig({ systemTool: {} })],
    ["toolConfig.toolChoice", { toolConfig: { toolChoice: {} } }],
    ["toolConfig.toolChoice.tool.name", { toolConfig: { toolChoice: { tool: {} } } }],
    ["outputConfig.textFormat.structure.jsonSchema", { outputConfig: { textFormat: {} } }],
    [
      "outputConfig.textFormat.structure.jsonSchema.schema",
      { outputConfig: { textFormat: { structure: { jsonSchema: { schema: "{" } } } } },
    ],
    ["additionalModelRequestFields", { additionalModelRequestFields: [] }],
    ["additionalModelRequestFields.top_k", { additionalModelRequestFields: { top_k: "7" } }],
  ])("with a wrong `%s` is refused by that name: %j", (field, more) => {
    expect(() => read(more)).toThrow(
      expect.objectContaining({ code: "invalid-request", message: expect.stringContaining(`\`${field}\``) }),
    );
  });

  test("that is no object is refused", () => {
    expect(() => converse.readRequest("hi")).toThrow(expect.objectContaining({ code: "invalid-request" }));
  });
});

describe("an error", () => {
  test.each([
    "rate-limit",
    "overloaded",
    "not-found",
    "invalid-request",
    "context-length",
    "auth",
    "permission",
    "quota",
    "timeout",
    "server",
  ] as const)("of code %s is read back as that, with how long to wait", (code) => {
    const { status, headers, body } = converse.writeError(new ModelError("No.", { code, retryAfter: 1200 }));
    const read = failureOf({
      status,
      headers,
      body: JSON.stringify(body),
      provider: "bedrock",
      rules: bedrockFailures,
    });
    expect(read).toMatchObject({ code, status, retryAfter: 2000 });
    expect(read.message).toContain("No.");
  });

  test.each([
    ["rate-limit", "rate-limit"],
    ["overloaded", "overloaded"],
    ["invalid-request", "invalid-request"],
    ["truncated", "server"],
  ] as const)("of code %s in an answer that has begun is an exception, which a client reads as %s", (code, read) => {
    const writer = converse.writer(asked);
    const out: ModelEvent[] = [];
    const framing = awsEventStream.open(converseDecoder({}, context), 1_000_000);
    framing.push(writer.write({ type: "start", model }) as Uint8Array, out);
    framing.push(writer.write({ type: "text-delta", index: 0, text: "It" }) as Uint8Array, out);
    const exception = writer.fail(new ModelError("upstream broke", { code })) as Uint8Array;
    expect(() => framing.push(exception, out)).toThrow(
      expect.objectContaining({ code: read, message: expect.stringContaining("upstream broke") }),
    );
    expect(out.map(({ type }) => type)).toContain("text-delta");
  });
});
