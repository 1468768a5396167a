/* oxlint-disable oxc/no-map-spread -- the map is fast-check's, not an array's */
import type { AssistantPart, Json, JsonObject, ModelEvent, ModelRequest, ModelResult } from "@plugboard/core";
import { Gathering, ModelError, eventsOf } from "@plugboard/core";
import { anyObject, anyRequest, validator } from "@plugboard/recordings";
import { failureOf, sse } from "@plugboard/wire";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { failures } from "../failures.ts";
import { chatDecoder, decodeChat } from "./decode.ts";
import { encodeChat } from "./encode.ts";
import { chatProtocol } from "./serve.ts";

const chat = chatProtocol();
const model = "command-a-reasoning-08-2025";
const asked = { model, request: { messages: [] } };
const decoding = { model, toolName: (name: string) => name };
const schemas = await validator();

const text = fc.string({ unit: "grapheme", minLength: 1 });
const object = anyObject(text);

const citation = fc.constantFrom<JsonObject>(
  { type: "document", id: "doc:0", document: { id: "doc:0", title: "Facts", url: "https://a.example" } },
  { type: "tool", id: "call:0", tool_output: { temperature: 7 } },
);

/** A text, and what two places in it rest on. */
const cited: fc.Arbitrary<AssistantPart> = fc
  .record({ text: fc.constantFrom("It is sunny ☀️ and 7 °C.", "👋 It is 7 °C."), wire: citation })
  .map(({ text: said, wire }) => {
    const about = (wire["document"] ?? {}) as JsonObject;
    const source = {
      type: "source" as const,
      id: wire["id"] as string,
      ...("url" in about && { url: about["url"] as string, title: about["title"] as string }),
      providerData: { cohere: wire },
    };
    const start = said.indexOf("7 °C");
    return { type: "text", text: said, citations: [{ source, start, end: start + 4 }] };
  });
const plan: fc.Arbitrary<AssistantPart> = text.map((told) => ({
  type: "opaque",
  kind: "tool_plan",
  providerData: { cohere: { tool_plan: told } },
}));
const call: fc.Arbitrary<AssistantPart> = fc
  .record({ id: text, name: text, input: object })
  .map(({ id, name, input }) => ({ type: "tool-call", id, name, input, raw: JSON.stringify(input) }));

/** Parts as one answer holds them: thoughts, texts, a plan, calls. */
const content: fc.Arbitrary<AssistantPart[]> = fc
  .tuple(
    fc.array(
      fc.oneof(
        text.map((told): AssistantPart => ({ type: "reasoning", text: told })),
        text.map((told): AssistantPart => ({ type: "text", text: told })),
        cited,
      ),
      { maxLength: 3 },
    ),
    fc.array(plan, { maxLength: 1 }),
    fc.uniqueArray(call, { maxLength: 3, selector: (part) => (part.type === "tool-call" ? part.id : "") }),
  )
  .map((parts) => parts.flat());

const results: fc.Arbitrary<ModelResult> = fc
  .record({
    content,
    id: text,
    reason: fc.constantFrom("stop", "length", "sequence"),
    usage: fc.record(
      { input: fc.integer({ min: 10 }), output: fc.integer({ min: 10 }), cachedInput: fc.nat(9), reasoning: fc.nat(9) },
      { requiredKeys: ["input", "output"] },
    ),
    billed: fc.constantFrom({}, { providerData: { cohere: { billed_units: { input_tokens: 3, output_tokens: 1 } } } }),
  })
  .map(({ reason, billed, ...result }): ModelResult => {
    const called = reason !== "length" && result.content.some(({ type }) => type === "tool-call");
    const finishReason = called ? "tool-calls" : reason === "length" ? "length" : "stop";
    const raw = { "tool-calls": "TOOL_CALL", length: "MAX_TOKENS", stop: "COMPLETE" }[finishReason];
    const rawFinishReason = reason === "sequence" && !called ? "STOP_SEQUENCE" : raw;
    return { ...result, ...billed, model, finishReason, rawFinishReason, warnings: [] };
  });

/** What a client of ours makes of a stream that is served. */
function readBack(events: readonly ModelEvent[], request: ModelRequest = asked.request): ModelResult {
  const writer = chat.writer({ model, request });
  const out: ModelEvent[] = [];
  const framing = sse.open(chatDecoder({}, decoding), 1_000_000);
  for (const event of events) framing.push(writer.write(event), out);
  framing.end(out);
  const gathering = new Gathering();
  for (const event of out) gathering.add(event);
  return gathering.result;
}

test("an answer that is served and read back has lost nothing, in one body and as a stream", () => {
  fc.assert(
    fc.property(results, fc.boolean(), (result, known) => {
      // A call cut by the limit is not given out; ours are whole.
      fc.pre(result.finishReason !== "length" || result.content.every(({ type }) => type !== "tool-call"));
      const names = new Set(result.content.flatMap((part) => (part.type === "tool-call" ? part.name : [])));
      const tools = [...names].map((name) => ({ name, input: {} }));
      expect(decodeChat(chat.writeResult(result, asked), {}, decoding)).toEqual(result);
      expect(readBack(eventsOf(result), { messages: [], ...(known && { tools }) })).toEqual(result);
    }),
    { numRuns: 300 },
  );
});

test.skipIf(!schemas)(
  "what is served is what Cohere would serve, by its schema (skipped where it is not there)",
  () => {
    fc.assert(
      fc.property(results, (result) => {
        expect(schemas!.responseErrors("cohere", chat.writeResult(result, asked))).toEqual([]);
        const writer = chat.writer(asked);
        const frames = eventsOf(result).flatMap((event) => writer.write(event).split("\n\n"));
        const sent = frames.filter((frame) => frame.includes("{")).map((frame) => frame.slice(frame.indexOf("{")));
        expect(sent.flatMap((event) => schemas!.eventErrors("cohere", JSON.parse(event)))).toEqual([]);
      }),
    );
    const { body } = chat.writeError(new ModelError("too long", { code: "context-length" }));
    expect(schemas!.errorErrors("cohere", body)).toEqual([]);
  },
);

test("each event is named for its type, and the stream ends with a mark", () => {
  const result: ModelResult = { model, content: [], finishReason: "stop", usage: {}, warnings: [], id: "c1" };
  const writer = chat.writer(asked);
  const written = eventsOf({ ...result, content: [{ type: "text", text: "Hi" }] }).map((event) => writer.write(event));
  const names = written.join("").match(/^event: .*/gm)!;
  expect(names.map((line) => line.slice(7))).toEqual([
    "message-start",
    "content-start",
    "content-delta",
    "content-end",
    "message-end",
  ]);
  expect(written.join("").endsWith("\n\ndata: [DONE]\n\n")).toBe(true);
});

test("calls that a provider ran itself are not the client's to run, and what has no place is left out", () => {
  const result: ModelResult = {
    model,
    content: [
      { type: "tool-call", id: "1", name: "search", input: {}, executed: true },
      { type: "tool-result", id: "1", name: "search", output: "x", executed: true },
      { type: "source", url: "https://a.example" },
      { type: "file", mediaType: "image/png", data: new Uint8Array([1]) },
      { type: "opaque", kind: "other", providerData: { openai: {} } },
      { type: "text", text: "" },
      { type: "text", text: "Done." },
    ],
    finishReason: "stop",
    usage: {},
    warnings: [],
  };
  for (const read of [decodeChat(chat.writeResult(result, asked), {}, decoding), readBack(eventsOf(result))]) {
    expect(read).toMatchObject({ content: [{ type: "text", text: "Done." }], finishReason: "stop", usage: {} });
    expect(read.content).toHaveLength(1);
  }
});

test("parts that were said in no delta are said whole, and ones that were are ended alone", () => {
  const parts: AssistantPart[] = [
    { type: "text", text: "Hi" },
    { type: "reasoning", text: "Hm." },
    { type: "tool-call", id: "1", name: "f", input: {}, raw: "{}" },
  ];
  const events: ModelEvent[] = [
    { type: "start", model },
    { type: "usage", usage: {} },
    { type: "text-delta", index: 9, text: "" },
    { type: "reasoning-delta", index: 9, text: "" },
    { type: "tool-call-delta", index: 9, text: "{}" },
    ...parts.map((said, index): ModelEvent => ({ type: "part", index, part: said })),
    { type: "finish", finishReason: "tool-calls", usage: {} },
  ];
  expect(readBack(events, { messages: [], tools: [{ name: "f", input: {} }] }).content).toEqual(parts);
});

test("a source of another provider becomes a document", () => {
  const source = { type: "source", url: "https://a.example", title: "A" } as const;
  const cites = [{ source }, { source: { type: "source" as const } }];
  const result = { model, finishReason: "stop", usage: {}, warnings: [] } as const;
  expect(
    chat.writeResult({ ...result, content: [{ type: "text", text: "a", citations: cites }] }, asked),
  ).toMatchObject({
    message: {
      citations: [
        {
          sources: [{ type: "document", id: "https://a.example", document: { url: "https://a.example", title: "A" } }],
        },
        { sources: [{ type: "document", id: "", document: {} }] },
      ],
    },
  });
});

test("a citation's place is counted in characters, as Cohere does", () => {
  const said = "👋🙂 It is 7 °C.";
  const source = { type: "source" as const, id: "doc:0" };
  const start = said.indexOf("7"); // in UTF-16 units, of which each emoji has two
  const cites: AssistantPart = { type: "text", text: said, citations: [{ source, start, end: start + 4 }] };
  const result: ModelResult = { model, content: [cites], finishReason: "stop", usage: {}, warnings: [] };
  expect(chat.writeResult(result, asked)).toMatchObject({
    message: { citations: [{ start: 9, end: 13, text: "7 °C", content_index: 0, type: "TEXT_CONTENT" }] },
  });
});

test("citations of thoughts and of a plan go back as they came, in one body and as a stream", () => {
  const source = { type: "document", id: "doc:0", document: {} };
  const citations = [{ start: 0, end: 2, text: "So", sources: [source], type: "THINKING_CONTENT", content_index: 0 }];
  const planned = [{ ...citations[0]!, type: "PLAN" }];
  const parts: AssistantPart[] = [
    { type: "reasoning", text: "So it is.", providerData: { cohere: { citations } } },
    { type: "opaque", kind: "tool_plan", providerData: { cohere: { tool_plan: "So I look.", citations: planned } } },
    { type: "tool-call", id: "1", name: "look", input: {}, raw: "{}" },
  ];
  const result: ModelResult = { model, content: parts, finishReason: "tool-calls", usage: {}, warnings: [] };
  expect(decodeChat(chat.writeResult(result, asked), {}, decoding).content).toEqual(parts);
  expect(readBack(eventsOf(result)).content).toEqual(parts);
});

test.each([
  ["content-filter", "content-filter"],
  ["unfinished", "server"],
] as const)("an ending by %s is an error, since Cohere has no other word for it", (finishReason, code) => {
  const result = { model, content: [{ type: "text", text: "It" }], finishReason, usage: {}, warnings: [] } as const;
  expect(() => decodeChat(chat.writeResult(result, asked), {}, decoding)).toThrow(expect.objectContaining({ code }));
  expect(() => readBack(eventsOf(result))).toThrow(expect.objectContaining({ code }));
});

test.each([
  ["budget", "length"],
  ["refusal", "stop"],
  ["other", "stop"],
] as const)("an ending by %s reads as %s", (finishReason, read) => {
  const result = { model, content: [{ type: "text", text: "It" }], finishReason, usage: {}, warnings: [] } as const;
  expect(readBack(eventsOf(result)).finishReason).toBe(read);
});

describe("a request", () => {
  const object = { type: "object", properties: { city: { type: "string" } }, required: ["city"] } as const;
  const messages: ModelRequest["messages"] = [
    { role: "system", content: "Be brief." },
    {
      role: "user",
      content: [
        { type: "text", text: "Where?" },
        { type: "file", mediaType: "image/png", data: new Uint8Array([1, 2]) },
        {
          type: "file",
          mediaType: "image/*",
          data: new URL("https://a.example/b.webp"),
          providerData: { cohere: { image_url: { detail: "low" } } },
        },
      ],
    },
    {
      role: "assistant",
      content: [
        { type: "reasoning", text: "Hm." },
        { type: "opaque", kind: "tool_plan", providerData: { cohere: { tool_plan: "I will look." } } },
        { type: "tool-call", id: "1", name: "f", input: { a: [1, null] }, raw: '{"a": [1, null]}' },
        { type: "tool-call", id: "2", name: "g", input: {}, raw: "{}" },
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
          ],
        },
      ],
    },
    { role: "assistant", content: "There." },
    { role: "user", content: "And now?" },
  ];

  test("that is encoded and read back asks the same", () => {
    const request = fc.record(
      {
        messages: fc.constant(messages),
        stream: fc.boolean(),
        tools: fc.constant([{ name: "f", description: "d", input: object, strict: true }]),
        toolChoice: fc.constantFrom("required", "none"),
        maxOutputTokens: fc.integer({ min: 1 }),
        temperature: fc.double({ min: 0, max: 1, noNaN: true }),
        topP: fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        topK: fc.integer({ min: 0, max: 500 }),
        presencePenalty: fc.constant(1),
        frequencyPenalty: fc.constant(0.5),
        stop: fc.array(text, { minLength: 1, maxLength: 5 }),
        seed: fc.nat(),
        reasoning: fc.oneof(fc.constantFrom("none", "max"), fc.record({ budgetTokens: fc.integer({ min: 1 }) })),
        providerOptions: fc.constant({
          cohere: { documents: [{ id: "a", data: { text: "b" } }], safety_mode: "STRICT" },
        }),
      },
      { requiredKeys: ["messages", "stream"] },
    );
    fc.assert(
      fc.property(request, (asks) => {
        fc.pre(asks.toolChoice === undefined || asks.tools !== undefined);
        const { body, warnings } = encodeChat(asks, { model });
        expect(warnings).toEqual([]);
        expect(chat.readRequest(JSON.parse(JSON.stringify(body)) as Json)).toEqual({ model, request: asks });
      }),
    );
  });

  test.each([{}, { schema: object }])("that asks for JSON does so: %j", (output) => {
    const { body } = encodeChat({ messages: [{ role: "user", content: "As JSON." }], output }, { model });
    expect(chat.readRequest(body).request.output).toEqual(output);
    expect(chat.readRequest({ ...body, response_format: { type: "text" } }).request).not.toHaveProperty("output");
  });

  test("of any kind can be read back once it is encoded, and says the same the second time", () => {
    fc.assert(
      fc.property(anyRequest, (request) => {
        const once = JSON.parse(JSON.stringify(encodeChat(request, { model }).body)) as JsonObject;
        const again = encodeChat(chat.readRequest(once).request, { model });
        expect(JSON.parse(JSON.stringify(again.body))).toEqual(once);
      }),
      { numRuns: 300 },
    );
  });

  const read = (more: JsonObject): ModelRequest =>
    chat.readRequest({ model: "m", messages: [{ role: "user", content: "hi" }], ...more }).request;

  test("may say things in the other ways that Cohere takes", () => {
    const list = [
      {
        role: "system",
        content: [
          { type: "text", text: "Be " },
          { type: "text", text: "brief." },
        ],
      },
      { role: "assistant", content: "So.", tool_calls: [{ id: "1", type: "function", function: { name: "f" } }] },
      { role: "tool", tool_call_id: "1", content: [{ type: "document", document: { data: "words", id: "d" } }] },
      { role: "tool", tool_call_id: "9", content: "late" },
      { role: "assistant", content: [{ type: "text", text: "7." }], citations: [{ start: 0, end: 1 }] },
    ];
    expect(read({ messages: list, stream: null, tools: null }).messages).toEqual([
      { role: "system", content: "Be brief." },
      {
        role: "assistant",
        content: [
          { type: "text", text: "So." },
          { type: "tool-call", id: "1", name: "f", input: {} },
        ],
      },
      {
        role: "tool",
        content: [
          { type: "tool-result", id: "1", name: "f", output: [{ type: "text", text: "words" }] },
          { type: "tool-result", id: "9", name: "tool", output: "late" },
        ],
      },
      {
        role: "assistant",
        content: [{ type: "text", text: "7." }],
        providerData: { cohere: { citations: [{ start: 0, end: 1 }] } },
      },
    ]);
    expect(read({})).toEqual({ messages: [{ role: "user", content: "hi" }], stream: false });
  });

  const user = (content: Json): JsonObject => ({ messages: [{ role: "user", content }] });
  const assistant = (more: JsonObject): JsonObject => ({ messages: [{ role: "assistant", ...more }] });

  test.each<[string, JsonObject]>([
    ["model", { model: 1 }],
    ["messages", { messages: "hi" }],
    ["messages", { messages: [] }],
    ["messages[0]", { messages: [null] }],
    ["messages[0].role", { messages: [{ role: "bot", content: "" }] }],
    ["messages[0].content", user(7)],
    ["messages[0].content[0].type", user([{ type: "audio" }])],
    ["messages[0].content[0].text", user([{ type: "text" }])],
    ["messages[0].content[0].image_url", user([{ type: "image_url" }])],
    ["messages[0].content[0].image_url.url", user([{ type: "image_url", image_url: { url: "§" } }])],
    ["messages[0].content[0].type", assistant({ content: [{ type: "image_url" }] })],
    ["messages[0].content[0].thinking", assistant({ content: [{ type: "thinking" }] })],
    ["messages[0].tool_plan", assistant({ tool_plan: 1 })],
    ["messages[0].tool_calls[0].id", assistant({ tool_calls: [{ function: { name: "f" } }] })],
    ["messages[0].tool_calls[0].function", assistant({ tool_calls: [{ id: "1" }] })],
    ["messages[0].tool_calls[0].function.name", assistant({ tool_calls: [{ id: "1", function: {} }] })],
    ["messages[0].tool_call_id", { messages: [{ role: "tool", content: "x" }] }],
    ["messages[0].content[0].type", { messages: [{ role: "tool", tool_call_id: "1", content: [{ type: "x" }] }] }],
    [
      "messages[0].content[0].document",
      { messages: [{ role: "tool", tool_call_id: "1", content: [{ type: "document" }] }] },
    ],
    ["stream", { stream: "yes" }],
    ["thinking.type", { thinking: { type: "hard" } }],
    ["thinking.token_budget", { thinking: { type: "enabled", token_budget: "all" } }],
    ["response_format.type", { response_format: { type: "xml" } }],
    ["response_format.json_schema", { response_format: { type: "json_object", json_schema: "x" } }],
    ["temperature", { temperature: "hot" }],
    ["max_tokens", { max_tokens: "all" }],
    ["stop_sequences[0]", { stop_sequences: [1] }],
    ["tools", { tools: {} }],
    ["tools[0].function", { tools: [null] }],
    ["tools[0].function.name", { tools: [{ function: {} }] }],
    ["tools[0].function.parameters", { tools: [{ function: { name: "f", parameters: [] } }] }],
    ["tool_choice", { tool_choice: "f" }],
    ["strict_tools", { strict_tools: 1 }],
  ])("with a wrong `%s` is refused by that name: %j", (field, more) => {
    expect(() => read(more)).toThrow(
      expect.objectContaining({ code: "invalid-request", message: expect.stringContaining(`\`${field}\``) }),
    );
  });

  test("that is no object is refused", () => {
    expect(() => chat.readRequest("hi")).toThrow(expect.objectContaining({ code: "invalid-request" }));
  });
});

describe("an error", () => {
  test.each([
    "rate-limit",
    "overloaded",
    "not-found",
    "invalid-request",
    "context-length",
    "content-filter",
    "auth",
    "permission",
    "quota",
    "timeout",
    "server",
  ] as const)("of code %s is read back as that, with how long to wait", (code) => {
    const { status, headers, body } = chat.writeError(new ModelError("No.", { code, retryAfter: 1200 }));
    const read = failureOf({ status, headers, body: JSON.stringify(body), provider: "cohere", rules: failures });
    expect(read).toMatchObject({ code, status, retryAfter: 2000 });
    expect(read.message).toContain("No.");
  });

  test("of an answer that has begun ends it, and a client of ours throws it", () => {
    const writer = chat.writer(asked);
    const out: ModelEvent[] = [];
    const framing = sse.open(chatDecoder({}, decoding), 1_000_000);
    framing.push(writer.write({ type: "start", model }), out);
    framing.push(writer.write({ type: "text-delta", index: 0, text: "It" }), out);
    const ending = writer.fail(new ModelError("upstream broke", { code: "truncated" }))!;
    expect(() => framing.push(ending, out)).toThrow("upstream broke");
    expect(out.map(({ type }) => type)).toContain("text-delta");
  });
});
