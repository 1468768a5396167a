import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Gathering, ModelError, eventsOf } from "@plugboard/core";
import type {
  AssistantPart,
  Json,
  JsonObject,
  ModelErrorCode,
  ModelEvent,
  ModelRequest,
  ModelResult,
  ProviderData,
  Usage,
} from "@plugboard/core";
import { anyObject, validator } from "@plugboard/recordings";
import { failureInBand, failureOf } from "@plugboard/wire";
import { openaiDialect } from "../openai-dialect.ts";
import { chatStreamDecoder, decodeChat } from "./decode.ts";
import type { ChatDialect } from "./dialect.ts";
import { encodeChat } from "./encode.ts";
import { chatCompletionsProtocol } from "./serve.ts";

const schemas = await validator();
const protocol = chatCompletionsProtocol({ now: () => 5000, newId: () => "chatcmpl-new" });
const decoding = { dialect: openaiDialect, model: "asked" };
const hello = { model: "asked", messages: [{ role: "user", content: "Hello" }] };

/** The data of the events of a stream, `[DONE]` left out. */
function dataOf(stream: string): string[] {
  expect(stream.endsWith("data: [DONE]\n\n")).toBe(true);
  return stream
    .split("\n\n")
    .filter((event) => event !== "")
    .map((event) => event.slice("data: ".length))
    .filter((data) => data !== "[DONE]");
}

function written(events: readonly ModelEvent[], body: Json): string {
  const writer = protocol.writer(protocol.readRequest(body));
  return events.map((event) => writer.write(event)).join("");
}

function readBack(stream: string, dialect: ChatDialect = openaiDialect): ModelResult {
  const decoder = chatStreamDecoder({ ...decoding, dialect }, {});
  const events: ModelEvent[] = [];
  for (const data of [...dataOf(stream), "[DONE]"]) decoder.push(data, "", events);
  const gathering = new Gathering();
  for (const event of events) gathering.add(event);
  return gathering.result;
}

const text = fc.string({ minLength: 1, unit: "binary" });
const count = fc.nat(100_000);

const usage: fc.Arbitrary<Usage> = fc
  .record({
    input: count,
    output: count,
    cached: fc.option(count),
    reasoning: fc.option(count),
    audio: fc.option(count),
  })
  .map(({ input, output, cached, reasoning, audio }) => {
    const known: Record<string, number> = { input, output };
    if (cached !== null) known["cachedInput"] = Math.min(cached, input);
    if (reasoning !== null) known["reasoning"] = Math.min(reasoning, output);
    if (audio !== null) known["inputAudio"] = Math.min(audio, input);
    return known;
  });

const citation = fc
  .record({ url: fc.webUrl(), title: text, start: count, length: count })
  .map(({ url, title, start, length }) => ({
    source: { type: "source" as const, url, title },
    start,
    end: start + length,
  }));

const call = fc
  .record({ id: fc.string({ minLength: 1 }), name: text, input: anyObject(text) })
  .map(({ id, name, input }): AssistantPart => ({
    type: "tool-call",
    id,
    name,
    input,
    raw: JSON.stringify(input),
  }));

/**
 * What the protocol can hold: at most one text and one reasoning part, in its order; citations and sources by URL; calls by their own
 * ids; images; the endings it has words for; usage with both totals. It has no words for what is left out here: several parts of a
 * kind, calls run by the provider, opaque items, signatures, other files, and unknown totals.
 */
const content = fc.record({
  thoughts: fc.option(text),
  said: fc.option(text),
  citations: fc.array(citation, { maxLength: 2 }),
  images: fc.array(fc.uint8Array({ maxLength: 8 }), { maxLength: 2 }),
  calls: fc.uniqueArray(call, { maxLength: 3, selector: (part) => (part.type === "tool-call" ? part.id : "") }),
  sources: fc.array(fc.webUrl(), { maxLength: 2 }),
});

const result: fc.Arbitrary<ModelResult> = fc
  .record({
    content,
    usage,
    ending: fc.constantFrom("stop", "length", "content-filter"),
    id: text,
    model: text,
    created: fc.integer({ min: 1, max: 2 ** 32 }),
  })
  .map(({ content: { thoughts, said, citations, images, calls, sources }, usage, ending, id, model, created }) => ({
    model,
    id,
    created: created * 1000,
    content: [
      ...(thoughts === null ? [] : [{ type: "reasoning" as const, text: thoughts }]),
      ...(said === null ? [] : [{ type: "text" as const, text: said, ...(citations.length > 0 && { citations }) }]),
      ...images.map((data) => ({ type: "file" as const, mediaType: "image/png", data })),
      ...calls,
      ...sources.map((url) => ({ type: "source" as const, url })),
    ],
    finishReason: calls.length > 0 && ending === "stop" ? "tool-calls" : ending,
    usage,
    warnings: [],
  }));

const withoutRaw = ({ rawFinishReason: _, ...rest }: ModelResult): ModelResult => rest;

describe("an answer that is served and read again", () => {
  test("loses nothing in one body", () => {
    fc.assert(
      fc.property(result, (answer) => {
        const body = protocol.writeResult(answer, protocol.readRequest(hello));
        expect(schemas?.responseErrors("openai-chat", body) ?? []).toStrictEqual([]);
        expect(withoutRaw(decodeChat(body, decoding, {}))).toStrictEqual(answer);
      }),
    );
  });

  test("loses nothing in a stream", () => {
    fc.assert(
      fc.property(result, (answer) => {
        const stream = written(eventsOf(answer), { ...hello, stream: true, stream_options: { include_usage: true } });
        for (const data of dataOf(stream)) {
          expect(schemas?.eventErrors("openai-chat", JSON.parse(data)) ?? []).toStrictEqual([]);
        }
        expect(withoutRaw(readBack(stream))).toStrictEqual(answer);
      }),
    );
  });

  test("is a refusal again in one body, and a filtered answer in a stream", () => {
    const refusal: ModelResult = {
      model: "m",
      id: "i",
      created: 1000,
      content: [{ type: "text", text: "I cannot help with that." }],
      finishReason: "refusal",
      usage: { input: 1, output: 2 },
      warnings: [],
    };
    const body = protocol.writeResult(refusal, protocol.readRequest(hello));
    expect(body).toMatchObject({ choices: [{ message: { content: null, refusal: "I cannot help with that." } }] });
    expect(withoutRaw(decodeChat(body, decoding, {}))).toStrictEqual(refusal);
    const stream = written(eventsOf(refusal), { ...hello, stream_options: { include_usage: true } });
    expect(readBack(stream)).toMatchObject({ content: refusal.content, finishReason: "content-filter" });
  });
});

const streamed: readonly ModelEvent[] = [
  { type: "start", model: "m" },
  { type: "tool-call-start", index: 0, id: "a", name: "own" },
  { type: "tool-call-delta", index: 0, text: '{"a":' },
  { type: "tool-call-delta", index: 0, text: "1}" },
  { type: "tool-call-start", index: 1, id: "b", name: "search" },
  { type: "tool-call-delta", index: 1, text: "{}" },
  { type: "part", index: 0, part: { type: "tool-call", id: "a", name: "own", input: { a: 1 } } },
  { type: "part", index: 1, part: { type: "tool-call", id: "b", name: "search", input: {}, executed: true } },
  { type: "part", index: 2, part: { type: "tool-result", id: "b", name: "search", output: "found", executed: true } },
  { type: "finish", finishReason: "tool-calls", usage: { input: 1, output: 2 } },
];
const tools = [{ type: "function", function: { name: "own", parameters: { type: "object", properties: {} } } }];

test("streams the arguments of the client's tools, and shows no call that somebody else runs", () => {
  const chunks = dataOf(written(streamed, { ...hello, tools })).map((data) => JSON.parse(data));
  expect(chunks.flatMap(({ choices: [choice] }) => choice.delta.tool_calls ?? [])).toStrictEqual([
    { index: 0, id: "a", type: "function", function: { name: "own", arguments: "" } },
    { index: 0, function: { arguments: '{"a":' } },
    { index: 0, function: { arguments: "1}" } },
  ]);
});

test("tells the usage of a stream only when asked", () => {
  expect(written(streamed, { ...hello, tools })).not.toContain("prompt_tokens");
  const asked = dataOf(written(streamed, { ...hello, tools, stream_options: { include_usage: true } }));
  expect(JSON.parse(asked.at(-1)!)).toMatchObject({
    choices: [],
    usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
  });
});

test("gives an answer without id and time new ones", () => {
  const body = protocol.writeResult(
    { model: "", content: [], finishReason: "stop", usage: {}, warnings: [] },
    protocol.readRequest(hello),
  );
  expect(body).toMatchObject({ id: "chatcmpl-new", created: 5, model: "asked" });
  expect(body).not.toHaveProperty("usage");
});

describe("an error that is served and read again", () => {
  const codes: readonly ModelErrorCode[] = [
    "rate-limit",
    "overloaded",
    "server",
    "auth",
    "permission",
    "not-found",
    "invalid-request",
    "context-length",
    "content-filter",
    "quota",
  ];
  test.each(codes)("%s keeps its code", (code) => {
    const { status, headers, body } = protocol.writeError(new ModelError("No.", { code, retryAfter: 1500 }));
    expect(schemas?.errorErrors("openai-chat", body) ?? []).toStrictEqual([]);
    const again = failureOf({ status, headers, body: JSON.stringify(body), provider: "openai" });
    expect(again).toMatchObject({ code, message: "No.", retryAfter: 1500 });
  });

  test("in a stream that has begun keeps what it says", () => {
    const framed = protocol.writer(protocol.readRequest(hello)).fail(new ModelError("It broke.", { code: "server" }))!;
    expect(framed).toMatch(/^data: .*\n\n$/);
    const error = failureInBand(JSON.parse(framed.slice("data: ".length)) as Json, { provider: "openai" });
    expect(error).toMatchObject({ code: "server", message: "It broke." });
  });
});

describe("a request of a client", () => {
  const full: Json = {
    model: "gpt-4o",
    messages: [
      {
        role: "developer",
        content: [
          { type: "text", text: "Be " },
          { type: "text", text: "brief." },
        ],
      },
      {
        role: "user",
        name: "Ada",
        content: [
          { type: "text", text: "What is this?" },
          { type: "image_url", image_url: { url: "https://example.com/a.png", detail: "low" } },
          { type: "image_url", image_url: { url: "data:image/png;base64,AQID" } },
          { type: "input_audio", input_audio: { data: "AQID", format: "mp3" } },
          { type: "file", file: { file_id: "file-1" } },
        ],
      },
      {
        role: "assistant",
        content: null,
        tool_calls: [{ id: "call_1", type: "function", function: { name: "look", arguments: '{ "at": 1 }' } }],
      },
      { role: "tool", tool_call_id: "call_1", content: "A cat." },
      { role: "assistant", content: "A cat." },
    ],
    tools: [
      { type: "function", function: { name: "look", parameters: { type: "object", properties: {} }, strict: false } },
    ],
    tool_choice: { type: "function", function: { name: "look" } },
    response_format: { type: "json_schema", json_schema: { name: "cat", schema: { type: "object" } } },
    max_tokens: 10,
    temperature: 0.5,
    stop: "END",
    seed: 7,
    reasoning_effort: "xhigh",
    logit_bias: { 50256: -100 },
    n: 1,
    user: null,
    stream: true,
    stream_options: { include_usage: true },
  };

  test("is read member by member", () => {
    expect(protocol.readRequest(full)).toStrictEqual({
      model: "gpt-4o",
      streamUsage: true,
      request: {
        messages: [
          { role: "system", content: "Be brief." },
          {
            role: "user",
            providerData: { openai: { name: "Ada" } },
            content: [
              { type: "text", text: "What is this?" },
              {
                type: "file",
                mediaType: "image/*",
                data: new URL("https://example.com/a.png"),
                providerData: { openai: { image_url: { detail: "low" } } },
              },
              { type: "file", mediaType: "image/png", data: Uint8Array.of(1, 2, 3) },
              { type: "file", mediaType: "audio/mpeg", data: Uint8Array.of(1, 2, 3) },
              {
                type: "file",
                mediaType: "application/octet-stream",
                data: new Uint8Array(),
                providerData: { openai: { file: { file_id: "file-1" } } },
              },
            ],
          },
          {
            role: "assistant",
            content: [{ type: "tool-call", id: "call_1", name: "look", input: { at: 1 }, raw: '{ "at": 1 }' }],
          },
          { role: "tool", content: [{ type: "tool-result", id: "call_1", name: "look", output: "A cat." }] },
          { role: "assistant", content: "A cat." },
        ],
        tools: [{ name: "look", input: { type: "object", properties: {} }, strict: false }],
        toolChoice: { name: "look" },
        output: { name: "cat", schema: { type: "object" } },
        maxOutputTokens: 10,
        temperature: 0.5,
        stop: ["END"],
        seed: 7,
        reasoning: "max",
        stream: true,
        providerOptions: { openai: { logit_bias: { 50256: -100 } } },
      },
    });
  });

  test("is the same when it is sent on and read again", () => {
    const asked = protocol.readRequest(full);
    const { body } = encodeChat(asked.request, { dialect: openaiDialect, model: "gpt-4o" });
    const { reasoning: _, ...rest } = asked.request; // gpt-4o does not reason
    expect(protocol.readRequest(body)).toStrictEqual({ ...asked, request: rest });
  });

  test.each<[string, Json, string]>([
    ["no messages", { model: "m" }, "`messages`"],
    ["an empty list of messages", { model: "m", messages: [] }, "`messages`"],
    [
      "a role that is none",
      { model: "m", messages: [{ role: "robot", content: "" }] },
      "`messages[0].role` must be system",
    ],
    ["content that is none", { model: "m", messages: [{ role: "user", content: 1 }] }, "`messages[0].content`"],
    [
      "a piece of no type",
      { model: "m", messages: [{ role: "user", content: [{ type: "smell" }] }] },
      "`messages[0].content[0].type`",
    ],
    ["no model", { messages: hello.messages }, "`model`"],
    ["several answers", { ...hello, n: 2 }, "`n` must be 1"],
    ["a temperature in words", { ...hello, temperature: "hot" }, "`temperature`"],
    ["a tool without a name", { ...hello, tools: [{ type: "function", function: {} }] }, "`tools[0].function.name`"],
    ["functions of old", { ...hello, functions: [] }, "`functions`"],
    ["an effort that is none", { ...hello, reasoning_effort: "extreme" }, "`reasoning_effort` must be one of none"],
    ["no object", [], "`body`"],
  ])("with %s is refused by name", (_, body, message) => {
    let error: unknown;
    try {
      protocol.readRequest(body);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(ModelError);
    expect(error).toMatchObject({ code: "invalid-request", message: expect.stringContaining(message) });
  });
});

describe("a request of a client, in its rarer forms", () => {
  const read = (more: JsonObject): ModelRequest => protocol.readRequest({ ...hello, ...more }).request;

  test.each<[string, JsonObject, Partial<ModelRequest>]>([
    ["text", { response_format: { type: "text" } }, {}],
    ["any JSON", { response_format: { type: "json_object" } }, { output: {} }],
    [
      "a form with its meaning",
      { response_format: { type: "json_schema", json_schema: { name: "a", description: "An a." } } },
      { output: { name: "a", description: "An a." } },
    ],
    ["a choice in a word", { tool_choice: "required" }, { toolChoice: "required" }],
    [
      "a choice of free text",
      { tool_choice: { type: "custom", custom: { name: "run" } } },
      { toolChoice: { name: "run" } },
    ],
    [
      "a choice among some",
      { tool_choice: { type: "allowed_tools", allowed_tools: {} } },
      { providerOptions: { openai: { tool_choice: { type: "allowed_tools", allowed_tools: {} } } } },
    ],
    ["no tools", { tools: null }, {}],
    [
      "tools of every kind",
      {
        tools: [
          { type: "function", function: { name: "look", description: "Looks." } },
          { type: "custom", custom: { name: "run", format: { type: "text" } } },
          { type: "custom", custom: { name: "say" } },
        ],
      },
      {
        tools: [
          { name: "look", description: "Looks.", input: { type: "object", properties: {} } },
          { type: "provider", id: "openai.custom", name: "run", options: { format: { type: "text" } } },
          { type: "provider", id: "openai.custom", name: "say" },
        ],
      },
    ],
  ])("asks for %s", (_, sent, members) => {
    expect(read(sent)).toStrictEqual({ messages: hello.messages, ...members });
  });

  test.each<[string, JsonObject, string]>([
    ["a form that is none", { response_format: { type: "xml" } }, "`response_format.type`"],
    ["a tool that is none", { tools: [{ type: "hammer" }] }, "`tools[0].type` must be function or custom"],
    ["a choice that is none", { tool_choice: "any" }, "`tool_choice` must be auto"],
    ["a choice of no kind", { tool_choice: { type: "hammer" } }, "`tool_choice.type`"],
  ])("is refused by name with %s", (_, sent, message) => {
    expect(() => read(sent)).toThrow(message);
  });

  test("tells of turns of every kind", () => {
    const custom = { id: "c1", type: "custom", custom: { name: "run", input: "ls" } };
    const turn = {
      role: "assistant",
      reasoning_content: "Hm.",
      content: [
        { type: "text", text: "No. " },
        { type: "refusal", refusal: "I will not." },
      ],
      tool_calls: [custom],
      audio: { id: "audio_1" },
      function_call: { name: "old", arguments: "{}" },
    };
    const messages = [
      { role: "user", content: [{ type: "text", text: "Hi", cache_control: { type: "ephemeral" } }] },
      { role: "user", content: [{ type: "input_audio", input_audio: { data: "AQID", format: "wav" } }] },
      {
        role: "user",
        content: [{ type: "file", file: { file_data: "data:application/pdf;base64,AQID", filename: "a.pdf" } }],
      },
      turn,
      { role: "tool", tool_call_id: "c1", content: "a" },
      { role: "tool", tool_call_id: "c2", content: "b" },
      { role: "assistant", content: null, refusal: "I will not." },
    ];
    expect(read({ messages }).messages).toMatchObject([
      { content: [{ text: "Hi", providerData: { openai: { cache_control: { type: "ephemeral" } } } }] },
      { content: [{ type: "file", mediaType: "audio/wav" }] },
      { content: [{ type: "file", mediaType: "application/pdf", filename: "a.pdf" }] },
      {
        content: [
          { type: "reasoning", text: "Hm." },
          { type: "text", text: "No. " },
          { type: "text", text: "I will not." },
          { type: "opaque", kind: "audio" },
          { type: "opaque", kind: "function_call" },
          { type: "tool-call", id: "c1", name: "run", input: "ls", providerData: { openai: { type: "custom" } } },
        ],
      },
      {
        role: "tool",
        content: [
          { id: "c1", name: "run", output: "a" },
          { id: "c2", name: "", output: "b" },
        ],
      },
      { role: "assistant", content: "I will not." },
    ]);
  });
});

describe("an answer for a client, in its rarer forms", () => {
  const given = (content: readonly AssistantPart[], more: Partial<ModelResult> = {}): ModelResult => ({
    model: "m",
    content,
    finishReason: "stop",
    usage: {},
    warnings: [],
    ...more,
  });
  const custom = (input: Json): AssistantPart => ({
    type: "tool-call",
    id: "c",
    name: "run",
    input,
    providerData: { openai: { type: "custom" } },
  });
  const sound = (providerData?: ProviderData): AssistantPart => ({
    type: "file",
    mediaType: "audio/wav",
    data: Uint8Array.of(1, 2, 3),
    ...(providerData && { providerData }),
  });
  const at = new URL("https://a.example/a");
  const message = (...content: AssistantPart[]): Json => {
    const body = protocol.writeResult(given(content), protocol.readRequest(hello)) as JsonObject;
    return (body["choices"] as readonly JsonObject[])[0]!["message"] as Json;
  };

  test("has free text, sound and images as OpenAI has them, and leaves out what has no form", () => {
    expect(message(custom("ls"), custom({ a: 1 }))).toMatchObject({
      tool_calls: [
        { type: "custom", custom: { name: "run", input: "ls" } },
        { type: "custom", custom: { name: "run", input: '{"a":1}' } },
      ],
    });
    expect(message(sound({ openai: { audio: { id: "audio_1" } } }))).toMatchObject({
      audio: { id: "audio_1", data: "AQID" },
    });
    for (const data of [undefined, { openai: { audio: "x" } }, { openai: { audio: { id: 7 } } }])
      expect(message(sound(data))).toMatchObject({ audio: { id: "audio" } });
    expect(message({ type: "file", mediaType: "image/png", data: at })).toMatchObject({
      images: [{ image_url: { url: at.href } }],
    });
    const formless = message(
      { type: "file", mediaType: "audio/wav", data: at },
      { type: "file", mediaType: "video/mp4", data: Uint8Array.of(1) },
      { type: "text", text: "Hi", citations: [{ source: { type: "source", id: "file_1" } }] },
    );
    expect(formless).toStrictEqual({ role: "assistant", content: "Hi", refusal: null });
  });

  test("names sources as far as they are known", () => {
    const cited: AssistantPart = {
      type: "text",
      text: "Hi",
      citations: [{ source: { type: "source", url: at.href } }],
    };
    expect(message(cited)).toMatchObject({
      annotations: [{ url_citation: { url: at.href, title: "", start_index: 0, end_index: 0 } }],
    });
    const sources: AssistantPart[] = [
      { type: "source", url: at.href, title: "A" },
      { type: "source", id: "file_1" },
    ];
    expect(protocol.writeResult(given(sources), protocol.readRequest(hello))).toMatchObject({
      search_results: [{ url: at.href, title: "A" }],
    });
  });

  test("passes on what OpenAI says of an answer, whole and streamed", () => {
    const logprobs = [{ token: "Hi", logprob: -0.1 }];
    const providerData = { openai: { service_tier: "flex", system_fingerprint: "fp_1", logprobs } };
    const said = { service_tier: "flex", system_fingerprint: "fp_1", choices: [{ logprobs: { content: logprobs } }] };
    const result = given([{ type: "text", text: "Hi" }], { providerData });
    expect(protocol.writeResult(result, protocol.readRequest(hello))).toMatchObject(said);
    const stream = written(eventsOf(result), { ...hello, stream: true });
    expect(JSON.parse(dataOf(stream).at(-1)!)).toMatchObject(said);
  });

  test("streams no empty word, and parts that come whole", () => {
    const events: ModelEvent[] = [
      { type: "start", model: "" },
      { type: "text-delta", index: 0, text: "" },
      { type: "reasoning-delta", index: 1, text: "" },
      { type: "part", index: 1, part: { type: "reasoning", text: "Hm." } },
      { type: "part", index: 0, part: { type: "text", text: "Hi" } },
      { type: "part", index: 2, part: { type: "file", mediaType: "video/mp4", data: at } },
      { type: "usage", usage: { input: 1 } },
      { type: "finish", finishReason: "stop", usage: {} },
    ];
    const chunks = dataOf(written(events, { ...hello, stream: true })).map((data) => JSON.parse(data) as JsonObject);
    expect(chunks).toMatchObject([
      { model: "asked", choices: [{ delta: { role: "assistant" } }] },
      { choices: [{ delta: { reasoning_content: "Hm." } }] },
      { choices: [{ delta: { content: "Hi" } }] },
      { choices: [{ delta: {}, finish_reason: "stop" }] },
    ]);
  });
});
