import type { AssistantPart, Json, JsonObject, ModelEvent, ModelResult } from "@plugboard/core";
import { Gathering, ModelError, eventsOf } from "@plugboard/core";
import { anyObject, validator } from "@plugboard/recordings";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeWhole, decoder } from "./decode.ts";
import { encode } from "./encode.ts";
import { chatProtocol } from "./serve.ts";

const chat = chatProtocol({ now: () => 1_700_000_000_000 });
const asked = { model: "asked", request: { messages: [] } };

const text = fc.string({ unit: "grapheme", minLength: 1 });
const object = anyObject(fc.string({ minLength: 1 }));
const image: fc.Arbitrary<AssistantPart> = fc.uint8Array({ maxLength: 20 }).map((bytes) => ({
  type: "file",
  mediaType: "image/png",
  data: new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, ...bytes]),
}));
const call: fc.Arbitrary<AssistantPart> = fc
  .record({ id: text, name: text, input: object })
  .map(({ id, name, input }) => ({ type: "tool-call", id, name, input }));

/** Parts as one message holds them: thoughts, text, images, calls. */
const content: fc.Arbitrary<AssistantPart[]> = fc
  .tuple(
    fc.option(
      text.map((text): AssistantPart => ({ type: "reasoning", text })),
      { nil: undefined },
    ),
    fc.option(
      text.map((text): AssistantPart => ({ type: "text", text })),
      { nil: undefined },
    ),
    fc.array(image, { maxLength: 2 }),
    // Ids that two calls share are made to differ when they are read.
    fc.uniqueArray(call, { maxLength: 3, selector: (part) => part.type === "tool-call" && part.id }),
  )
  .map(([thought, said, images, calls]) => [thought, said, ...images, ...calls].filter((part) => part !== undefined));

const results: fc.Arbitrary<ModelResult> = fc
  .record({
    content,
    model: text,
    created: fc.integer({ min: 0, max: 4_102_444_800_000 }),
    reason: fc.constantFrom("stop", "length", "content-filter", "refusal", "other"),
    usage: fc.record({ input: fc.nat(), output: fc.nat() }, { requiredKeys: [] }),
    metrics: fc.option(fc.record({ total_duration: fc.nat(), eval_duration: fc.nat() }), { nil: undefined }),
  })
  .map(({ reason, metrics, content, model, created, usage }) => {
    const called = reason === "stop" && content.some(({ type }) => type === "tool-call");
    const rest = metrics ? { providerData: { ollama: metrics } } : {};
    return Object.assign(rest, {
      content,
      model,
      created,
      usage,
      finishReason: called ? "tool-calls" : reason,
      warnings: [],
    } as const);
  });

function withoutRaw({ rawFinishReason: _, ...result }: ModelResult): Omit<ModelResult, "rawFinishReason"> {
  return result;
}

/** What a client of ours makes of a stream that is served. */
function readBack(events: readonly ModelEvent[]): ModelResult {
  const writer = chat.writer(asked);
  const decode = decoder({});
  const out: ModelEvent[] = [];
  for (const line of events
    .map((event) => writer.write(event))
    .join("")
    .split("\n"))
    if (line) decode.push(line, "", out);
  const gathering = new Gathering();
  for (const event of out) gathering.add(event);
  return gathering.result;
}

test("an answer that is served and read back has lost nothing, in one body and as a stream", () => {
  fc.assert(
    fc.property(results, (result) => {
      expect(withoutRaw(decodeWhole(chat.writeResult(result, asked), {}))).toEqual(result);
      expect(withoutRaw(readBack(eventsOf(result)))).toEqual(result);
    }),
  );
});

test("a stream keeps the order of what is said, which one body cannot", () => {
  const parts: AssistantPart[] = [
    { type: "text", text: "a" },
    { type: "reasoning", text: "b" },
    { type: "text", text: "c" },
  ];
  const result: ModelResult = { model: "m", content: parts, finishReason: "stop", usage: {}, warnings: [] };
  expect(readBack(eventsOf(result)).content).toEqual(parts);
});

const schemas = await validator();
test.runIf(schemas)("what is served is what Ollama would serve, by its schema", () => {
  fc.assert(
    fc.property(results, (result) => {
      expect(schemas!.responseErrors("ollama", chat.writeResult(result, asked))).toEqual([]);
      const writer = chat.writer(asked);
      const lines = eventsOf(result)
        .map((event) => writer.write(event))
        .join("")
        .split("\n")
        .filter(Boolean);
      expect(lines.flatMap((line) => schemas!.eventErrors("ollama", JSON.parse(line)))).toEqual([]);
    }),
  );
  expect(schemas!.errorErrors("ollama", chat.writeError(new ModelError("no", { code: "server" })).body)).toEqual([]);
});

test("a request that is encoded and read back asks the same", () => {
  const messages = fc.constant([
    { role: "system", content: "Be brief." },
    {
      role: "user",
      content: [
        { type: "file", mediaType: "image/jpeg", data: new Uint8Array([0xff, 0xd8, 0xff]) },
        { type: "text", text: "?" },
      ],
    },
    {
      role: "assistant",
      content: [
        { type: "reasoning", text: "hm" },
        { type: "tool-call", id: "1", name: "f", input: {} },
        { type: "tool-call", id: "2", name: "f", input: { a: [1, null] } },
      ],
    },
    {
      role: "tool",
      content: [
        { type: "tool-result", id: "1", name: "f", output: "one" },
        { type: "tool-result", id: "2", name: "f", output: "two" },
      ],
    },
  ] as const);
  const request = fc.record(
    {
      messages,
      stream: fc.boolean(),
      tools: fc.constant([{ name: "f", description: "d", input: { type: "object", properties: {} } }]),
      output: fc.constantFrom({}, { schema: { type: "object" } }),
      maxOutputTokens: fc.integer({ min: 1 }),
      temperature: fc.double({ min: 0, max: 2, noNaN: true }),
      topP: fc.double({ min: 0, max: 1, noNaN: true }),
      topK: fc.nat(),
      presencePenalty: fc.constant(1),
      frequencyPenalty: fc.constant(-1),
      stop: fc.array(text, { minLength: 1 }),
      seed: fc.integer(),
      reasoning: fc.constantFrom("none", "low", "medium", "high", "max"),
      providerOptions: fc.constant({ ollama: { keep_alive: "5m", options: { num_ctx: 4096 } } }),
    },
    { requiredKeys: ["messages", "stream"] },
  );
  fc.assert(
    fc.property(request, (request) => {
      const { body, warnings } = encode("m", request);
      expect(warnings).toEqual([]);
      expect(chat.readRequest(JSON.parse(JSON.stringify(body)) as Json)).toEqual({ model: "m", request });
    }),
  );
});

describe("a request of a client", () => {
  const read = (more: JsonObject): JsonObject =>
    chat.readRequest({ model: "m", messages: [{ role: "user", content: "hi" }], ...more })
      .request as unknown as JsonObject;

  test("is streamed unless it says otherwise", () => {
    expect(read({})).toMatchObject({ stream: true });
    expect(read({ stream: false })).toMatchObject({ stream: false });
  });

  test("may leave out ids and names: results go to the calls they answer", () => {
    const messages = [
      {
        role: "assistant",
        content: "",
        tool_calls: [{ function: { name: "a", arguments: {} } }, { function: { name: "b" } }],
      },
      { role: "tool", content: "for b", tool_name: "b" },
      { role: "tool", content: "for a" },
    ];
    expect(read({ messages })["messages"]).toMatchObject([
      {
        content: [
          { id: "call_0_0", name: "a", input: {} },
          { id: "call_0_1", name: "b", input: {} },
        ],
      },
      {
        content: [
          { id: "call_0_1", name: "b", output: "for b" },
          { id: "call_0_0", name: "a", output: "for a" },
        ],
      },
    ]);
  });

  test("may say little: a tool without a schema, an image without words, a result of nothing that was asked", () => {
    expect(read({ think: true, tools: [{ function: { name: "f" } }] })).toMatchObject({
      reasoning: "medium",
      tools: [{ name: "f", input: {} }],
    });
    const messages = [
      { role: "user", content: "", images: ["iVBORw0KGgo="] },
      { role: "assistant", content: "So." },
      { role: "tool", content: "seen", images: ["iVBORw0KGgo="] },
    ];
    expect(read({ messages })["messages"]).toMatchObject([
      { content: [{ type: "file", mediaType: "image/png" }] },
      { content: [{ type: "text", text: "So." }] },
      { content: [{ id: "messages[2]", name: "tool", output: [{ type: "text", text: "seen" }, { type: "file" }] }] },
    ]);
  });

  test("without an end of its output has none with us", () => {
    expect(read({ options: { num_predict: -1 } })).not.toHaveProperty("maxOutputTokens");
    expect(read({ options: { stop: "x", temperature: null } })).toMatchObject({ stop: ["x"] });
  });

  test.each<[string, JsonObject]>([
    ["model", { model: 1 }],
    ["messages", { messages: "hi" }],
    ["messages[0]", { messages: [null] }],
    ["messages[0].role", { messages: [{ role: "bot", content: "" }] }],
    ["messages[0].content", { messages: [{ role: "user", content: [] }] }],
    ["messages[0].images[0]", { messages: [{ role: "user", images: ["§"] }] }],
    ["messages[0].images[0]", { messages: [{ role: "user", images: [7] }] }],
    ["messages[0].images", { messages: [{ role: "user", images: "x" }] }],
    ["messages[0].tool_calls", { messages: [{ role: "assistant", tool_calls: "f" }] }],
    ["messages[0].tool_calls[0].function.name", { messages: [{ role: "assistant", tool_calls: [1] }] }],
    ["messages[0].tool_calls[0].function.name", { messages: [{ role: "assistant", tool_calls: [{}] }] }],
    ["stream", { stream: "yes" }],
    ["think", { think: "hard" }],
    ["format", { format: "xml" }],
    ["options", { options: [] }],
    ["options.temperature", { options: { temperature: "hot" } }],
    ["options.stop", { options: { stop: [1] } }],
    ["tools", { tools: {} }],
    ["tools[0].function", { tools: [1] }],
    ["tools[0].function.parameters", { tools: [{ function: { name: "f", parameters: 1 } }] }],
    ["tools[0].function.name", { tools: [{ function: {} }] }],
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
    ["rate-limit", 429],
    ["overloaded", 503],
    ["not-found", 404],
    ["invalid-request", 400],
    ["auth", 401],
  ] as const)("of code %s has status %i and Ollama's form", (code, status) => {
    expect(chat.writeError(new ModelError("no", { code }))).toEqual({ status, headers: {}, body: { error: "no" } });
  });

  test("says how long to wait, in whole seconds", () => {
    const error = new ModelError("no", { code: "rate-limit", retryAfter: 1200 });
    expect(chat.writeError(error).headers).toEqual({ "retry-after": "2" });
  });

  test("of an answer that has begun is a line, and a client of ours throws it", () => {
    const writer = chat.writer(asked);
    const out: ModelEvent[] = [];
    const decode = decoder({});
    writer.write({ type: "start", model: "m" });
    decode.push(writer.write({ type: "text-delta", index: 0, text: "It" }), "", out);
    const line = writer.fail(new ModelError("upstream broke", { code: "truncated" }))!;
    expect(line.endsWith("\n")).toBe(true);
    expect(() => decode.push(line, "", out)).toThrow("upstream broke");
  });
});

test("an ending that is Ollama's own is told in its word", () => {
  const result: ModelResult = { model: "m", content: [], finishReason: "other", usage: {}, warnings: [] };
  expect(chat.writeResult({ ...result, rawFinishReason: "load" }, asked)).toMatchObject({ done_reason: "load" });
  expect(chat.writeResult(result, asked)).toMatchObject({ done_reason: "other" });
});

test("calls that a provider ran itself are not the client's to run", () => {
  const executed: AssistantPart = { type: "tool-call", id: "1", name: "search", input: {}, executed: true };
  const result: ModelResult = { model: "m", content: [executed], finishReason: "stop", usage: {}, warnings: [] };
  expect(chat.writeResult(result, asked)).not.toHaveProperty("message.tool_calls");
  expect(readBack(eventsOf(result)).content).toEqual([]);
});

test("an answer without a time gets the time of its writing, and one without a name the name that was asked for", () => {
  const result: ModelResult = { model: "", content: [], finishReason: "stop", usage: {}, warnings: [] };
  const head = { model: "asked", created_at: "2023-11-14T22:13:20.000Z" };
  expect(chat.writeResult(result, asked)).toMatchObject(head);
  expect(JSON.parse(chat.writer(asked).write({ type: "finish", finishReason: "stop", usage: {} }))).toMatchObject(head);
});
