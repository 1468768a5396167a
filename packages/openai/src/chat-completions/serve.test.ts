import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Gathering, ModelError, eventsOf } from "@plugboard/core";
import type { AssistantPart, Json, ModelErrorCode, ModelEvent, ModelResult, Usage } from "@plugboard/core";
import { validator } from "@plugboard/recordings";
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

/** A member called `__proto__` is left out on purpose, and one called `constructor` confuses strict equality. */
const isPlain = (input: object): boolean => !/"(__proto__|constructor)":/.test(JSON.stringify(input));

const call = fc
  .record({ id: fc.string({ minLength: 1 }), name: text, input: fc.dictionary(text, fc.jsonValue()).filter(isPlain) })
  .map(({ id, name, input }): AssistantPart => ({
    type: "tool-call",
    id,
    name,
    // As JSON has it: no -0.
    input: JSON.parse(JSON.stringify(input)) as Json,
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
