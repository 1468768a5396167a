/* oxlint-disable oxc/no-map-spread -- the map is fast-check's, not an array's */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Gathering, ModelError, eventsOf } from "@plugboard/core";
import type { AssistantPart, Json, JsonObject, ModelEvent, ModelResult, Usage } from "@plugboard/core";
import { anyObject, validator } from "@plugboard/recordings";
import { decodeResponse, responseDecoder } from "./decode.ts";
import { encodeResponses } from "./encode.ts";
import { openaiResponsesDialect as dialect } from "./openai-responses.ts";
import { responsesProtocol } from "./serve.ts";

const schemas = await validator();
const protocol = responsesProtocol({ now: () => 5000, newId: () => "resp_new" });
const decoding = { dialect, model: "asked" };
const hello = { model: "asked", input: "Hello" };

/** The data of the events of a stream; each must fit its schema, and they must be counted. */
function eventsIn(stream: string): readonly JsonObject[] {
  const events = stream
    .split("\n\n")
    .filter((event) => event !== "")
    .map((event) => {
      const [, name, data] = /^event: (.*)\ndata: (.*)$/.exec(event)!;
      const parsed = JSON.parse(data!) as JsonObject;
      expect(parsed["type"]).toBe(name);
      return parsed;
    });
  expect(events.map(({ sequence_number: number }) => number)).toStrictEqual(events.map((_, place) => place));
  for (const event of events) expect(schemas?.eventErrors("openai-responses", event) ?? []).toStrictEqual([]);
  return events;
}

function written(events: readonly ModelEvent[], body: Json = hello): readonly JsonObject[] {
  const writer = protocol.writer(protocol.readRequest(body));
  return eventsIn(events.map((event) => writer.write(event)).join(""));
}

function readBack(events: readonly JsonObject[]): ModelResult {
  const decoder = responseDecoder(decoding, {});
  const gathering = new Gathering();
  for (const event of events) {
    const out: ModelEvent[] = [];
    decoder.push(JSON.stringify(event), "", out);
    for (const read of out) gathering.add(read);
  }
  return gathering.result;
}

/** Without what the protocol makes up. */
function lasting({ rawFinishReason: _, content, ...rest }: ModelResult): ModelResult {
  return { ...rest, content: content.map(({ providerData: __, ...part }) => part as AssistantPart) };
}

const text = fc.string({ minLength: 1, unit: "binary" });
const count = fc.nat(100_000);

const usage: fc.Arbitrary<Usage> = fc
  .record({ input: count, output: count, cached: count, written: count, reasoning: count })
  .map(({ input, output, cached, written: stored, reasoning }) => ({
    input,
    output,
    cachedInput: Math.min(cached, input),
    cacheWrite5m: Math.min(stored, input - Math.min(cached, input)),
    reasoning: Math.min(reasoning, output),
  }));

const citation = fc.record({ url: fc.webUrl(), title: text, start: count, end: count });

const part: fc.Arbitrary<AssistantPart> = fc.oneof(
  text.map((said) => ({ type: "text" as const, text: said })),
  fc
    .record({ said: text, citations: fc.array(citation, { minLength: 1, maxLength: 2 }) })
    .map(({ said, citations }) => ({
      type: "text" as const,
      text: said,
      citations: citations.map(({ start, end, ...source }) => ({
        source: { type: "source" as const, ...source },
        start,
        end,
      })),
    })),
  text.map((thought) => ({ type: "reasoning" as const, text: thought })),
  fc
    .record({
      id: text,
      name: fc.constantFrom("look", "find"),
      input: anyObject(text),
    })
    .map(({ id, name, input }) => ({
      type: "tool-call" as const,
      id,
      name,
      input,
      raw: JSON.stringify(input),
    })),
);

/**
 * What the protocol can hold: text with citations by address, thoughts, calls, in any order; the endings it has words for; usage with
 * all counts. Left out here: tools run by others, opaque items, files, unknown counts.
 */
const result: fc.Arbitrary<ModelResult> = fc
  .record({
    content: fc.array(part, { maxLength: 4 }),
    usage,
    ending: fc.constantFrom("stop", "length", "content-filter"),
    id: text,
    model: text,
    created: fc.integer({ min: 1, max: 2 ** 32 }),
  })
  .map(({ content, ending, created, ...rest }) => ({
    ...rest,
    created: created * 1000,
    content,
    finishReason:
      ending === "stop" && content.some(({ type }) => type === "tool-call") ? ("tool-calls" as const) : ending,
    warnings: [],
  })) as fc.Arbitrary<ModelResult>;

const tools = ["look", "find"].map((name) => ({ type: "function", name, parameters: { type: "object" } }));

describe("an answer that is served and read again", () => {
  test("loses nothing in one body", () => {
    fc.assert(
      fc.property(result, (answer) => {
        const body = protocol.writeResult(answer, protocol.readRequest({ ...hello, tools }));
        expect(schemas?.responseErrors("openai-responses", body) ?? []).toStrictEqual([]);
        expect(lasting(withPlainSources(decodeResponse(body, decoding, {})))).toStrictEqual(answer);
      }),
    );
  });

  test("loses nothing in a stream", () => {
    fc.assert(
      fc.property(result, fc.boolean(), (answer, told) => {
        const stream = written(eventsOf(answer), told ? { ...hello, tools } : hello);
        expect(lasting(withPlainSources(readBack(stream)))).toStrictEqual(answer);
      }),
      { numRuns: 100 },
    );
  });

  test("says the same in its last event as in one body", () => {
    fc.assert(
      fc.property(result, (answer) => {
        const stream = written(eventsOf(answer), { ...hello, tools });
        const last = stream.at(-1)!["response"] as JsonObject;
        const body = protocol.writeResult(answer, protocol.readRequest({ ...hello, tools }));
        expect(last).toStrictEqual(JSON.parse(JSON.stringify(body)));
      }),
      { numRuns: 50 },
    );
  });
});

/** Without the annotations that sources came from. */
function withPlainSources(answer: ModelResult): ModelResult {
  const content = answer.content.map((given) => {
    if (given.type !== "text" || !given.citations) return given;
    const citations = given.citations.map(({ source: { providerData: _, ...source }, ...at }) => ({ source, ...at }));
    return { ...given, citations };
  });
  return { ...answer, content };
}

describe("an answer of OpenAI's", () => {
  const reasoning = {
    id: "rs_1",
    type: "reasoning",
    summary: [{ type: "summary_text", text: "Hm." }],
    encrypted_content: "gAAA",
  };
  const search = { id: "ws_1", type: "web_search_call", status: "completed", action: { type: "search", query: "a" } };
  const free = { id: "ctc_1", type: "custom_tool_call", call_id: "call_2", name: "sql", input: "SELECT 1" };
  const compaction = { id: "cmp_1", type: "compaction", encrypted_content: "gBBB" };
  const refusing = {
    id: "msg_1",
    type: "message",
    role: "assistant",
    status: "completed",
    content: [{ type: "refusal", refusal: "No." }],
  };
  const output = [reasoning, search, refusing, compaction, free];
  const answer = decodeResponse({ output, id: "resp_1" }, decoding, {});
  const asked = { ...hello, tools: [{ type: "custom", name: "sql" }, { type: "web_search" }] };

  test("reaches the client as it came, and comes back so", () => {
    const body = protocol.writeResult(answer, protocol.readRequest(asked)) as JsonObject;
    expect(body["output"]).toMatchObject([
      reasoning,
      search,
      { content: refusing.content },
      compaction,
      { type: "custom_tool_call", input: "SELECT 1" },
    ]);

    const answered = { type: "custom_tool_call_output", call_id: "call_2", output: "1" };
    const { request } = protocol.readRequest({ ...asked, input: [...(body["output"] as Json[]), answered] });
    const sent = encodeResponses(request, { dialect, model: "gpt-5" });
    const { status: _, id: __, ...message } = refusing;
    const { id: ___, ...call } = free;
    expect(sent.body["input"]).toStrictEqual([reasoning, search, message, compaction, call, answered]);
    expect(sent.warnings).toStrictEqual([]);
  });

  test("reaches the client in a stream, thoughts with what is encrypted in them", () => {
    const stream = written(eventsOf(answer), asked);
    const done = stream.filter(({ type }) => type === "response.output_item.done").map(({ item }) => item);
    expect(done).toMatchObject([
      reasoning,
      search,
      { type: "message" },
      compaction,
      { type: "custom_tool_call", input: "SELECT 1" },
    ]);
    expect(stream.some(({ type }) => type === "response.custom_tool_call_input.done")).toBe(true);
  });
});

const streamed: readonly ModelEvent[] = [
  { type: "start", model: "m" },
  { type: "tool-call-start", index: 0, id: "a", name: "look" },
  { type: "tool-call-delta", index: 0, text: '{"a":' },
  { type: "tool-call-start", index: 1, id: "b", name: "search" },
  { type: "tool-call-delta", index: 1, text: "{}" },
  { type: "tool-call-delta", index: 0, text: "1}" },
  { type: "part", index: 0, part: { type: "tool-call", id: "a", name: "look", input: { a: 1 }, raw: '{"a":1}' } },
  { type: "part", index: 1, part: { type: "tool-call", id: "b", name: "search", input: {}, executed: true } },
  { type: "part", index: 2, part: { type: "tool-result", id: "b", name: "search", output: "found", executed: true } },
  { type: "finish", finishReason: "tool-calls", usage: { input: 1, output: 2 } },
];

test("streams the arguments of the client's tools, and shows no call that somebody else runs", () => {
  const stream = written(streamed, { ...hello, tools });
  expect(stream.map(({ type }) => type)).toStrictEqual([
    "response.created",
    "response.in_progress",
    "response.output_item.added",
    "response.function_call_arguments.delta",
    "response.function_call_arguments.delta",
    "response.function_call_arguments.done",
    "response.output_item.done",
    "response.completed",
  ]);
  expect(readBack(stream).content).toMatchObject([{ id: "a", input: { a: 1 } }]);
});

test("tells of a call that was cut short as incomplete", () => {
  const cut: ModelEvent[] = [...streamed.slice(0, 3), { type: "finish", finishReason: "length", usage: {} }];
  const stream = written(cut, { ...hello, tools });
  expect(stream.at(-2)).toMatchObject({ type: "response.output_item.done", item: { status: "incomplete" } });
  expect(readBack(stream)).toMatchObject({ content: [], finishReason: "length" });
});

test("shows that an answer is a refusal where it is known in time", () => {
  const refusal: ModelResult = {
    model: "m",
    content: [{ type: "text", text: "I cannot." }],
    finishReason: "refusal",
    usage: {},
    warnings: [],
  };
  const body = protocol.writeResult(refusal, protocol.readRequest(hello));
  expect(body).toMatchObject({
    status: "completed",
    output: [{ content: [{ type: "refusal", refusal: "I cannot." }] }],
  });
  expect(readBack(written(eventsOf(refusal)))).toMatchObject({
    content: [{ text: "I cannot." }],
    finishReason: "content-filter",
  });
});

test("gives an answer without id, time and counts new ones and none", () => {
  const body = protocol.writeResult(
    { model: "", content: [], finishReason: "stop", usage: {}, warnings: [] },
    protocol.readRequest({ ...hello, instructions: "Be brief.", temperature: 0.5, metadata: { a: "b" } }),
  );
  expect(body).toMatchObject({
    id: "resp_new",
    created_at: 5,
    model: "asked",
    usage: null,
    instructions: "Be brief.",
    temperature: 0.5,
    metadata: { a: "b" },
    store: false,
  });
  expect(schemas?.responseErrors("openai-responses", body) ?? []).toStrictEqual([]);
});

test("shows OpenAI's own annotations as they were", () => {
  const annotation = { type: "file_citation", file_id: "file_1", filename: "a.pdf", index: 3 };
  const content = [{ type: "output_text", text: "Hi", annotations: [annotation] }];
  const answer = decodeResponse({ output: [{ type: "message", id: "msg_1", content }] }, decoding, {});
  expect(protocol.writeResult(answer, protocol.readRequest(hello))).toMatchObject({ output: [{ content }] });
});

test("shows a made image to the client", () => {
  const image = { type: "file", mediaType: "image/png", data: new Uint8Array([1, 2, 3]) } as const;
  const made: ModelResult = { model: "m", content: [image], finishReason: "stop", usage: {}, warnings: [] };
  const body = protocol.writeResult(made, protocol.readRequest(hello));
  expect(body).toMatchObject({ output: [{ type: "image_generation_call", result: "AQID" }] });
});

test("ends a stream that failed with an error of the protocol", () => {
  const writer = protocol.writer(protocol.readRequest(hello));
  const begun = writer.write({ type: "start", model: "m" });
  const events = eventsIn(begun + writer.fail(new ModelError("Too much.", { code: "overloaded" }))!);
  expect(events.at(-1)).toMatchObject({ type: "error", message: "Too much." });
  const error = new ModelError("Slow down.", { code: "rate-limit", retryAfter: 1500 });
  expect(protocol.writeError(error)).toMatchObject({ status: 429, headers: { "retry-after-ms": "1500" } });
});

describe("a request", () => {
  test("is read in our words", () => {
    const image = "data:image/png;base64,AQID";
    const { model, request } = protocol.readRequest({
      model: "gpt-5",
      instructions: "Be brief.",
      input: [
        { role: "developer", content: [{ type: "input_text", text: "Be kind." }] },
        {
          role: "user",
          content: [
            { type: "input_text", text: "Look:" },
            { type: "input_image", image_url: image, detail: "low" },
            { type: "input_file", file_data: "data:application/pdf;base64,AQID", filename: "a.pdf" },
            { type: "input_file", file_id: "file_1" },
          ],
        },
        { role: "assistant", content: "Yes?" },
        { type: "function_call", id: "fc_1", call_id: "c", name: "look", arguments: '{"a":1}' },
        { type: "function_call_output", call_id: "c", output: [{ type: "input_text", text: "A cat." }] },
      ],
      tools: [
        {
          type: "function",
          name: "look",
          description: "L",
          parameters: { type: "object" },
          strict: true,
          defer_loading: true,
        },
        { type: "custom", name: "sql", description: "SQL" },
        { type: "mcp", server_label: "dice", server_url: "https://a.example" },
        { type: "web_search" },
      ],
      tool_choice: { type: "function", name: "look" },
      text: { format: { type: "json_schema", name: "n", schema: { type: "object" } }, verbosity: "low" },
      reasoning: { effort: "xhigh", summary: "auto" },
      max_output_tokens: 100,
      temperature: 0.5,
      top_p: 0.9,
      stream: true,
      store: false,
      metadata: null,
      include: ["reasoning.encrypted_content"],
    });
    expect(model).toBe("gpt-5");
    expect(request).toStrictEqual({
      messages: [
        { role: "system", content: "Be brief." },
        { role: "system", content: "Be kind." },
        {
          role: "user",
          content: [
            { type: "text", text: "Look:" },
            {
              type: "file",
              mediaType: "image/png",
              data: new Uint8Array([1, 2, 3]),
              providerData: { openai: { detail: "low" } },
            },
            { type: "file", mediaType: "application/pdf", data: new Uint8Array([1, 2, 3]), filename: "a.pdf" },
            {
              type: "file",
              mediaType: "application/octet-stream",
              data: new Uint8Array(),
              providerData: { openai: { file_id: "file_1" } },
            },
          ],
        },
        {
          role: "assistant",
          content: [
            { type: "text", text: "Yes?" },
            {
              type: "tool-call",
              id: "c",
              name: "look",
              input: { a: 1 },
              raw: '{"a":1}',
              providerData: { openai: { item: { type: "function_call" } } },
            },
          ],
        },
        {
          role: "tool",
          content: [{ type: "tool-result", id: "c", name: "look", output: [{ type: "text", text: "A cat." }] }],
        },
      ],
      tools: [
        {
          name: "look",
          description: "L",
          input: { type: "object" },
          strict: true,
          providerData: { openai: { defer_loading: true } },
        },
        { type: "provider", id: "openai.custom", name: "sql", options: { description: "SQL" } },
        {
          type: "provider",
          id: "openai.mcp",
          name: "dice",
          options: { server_label: "dice", server_url: "https://a.example" },
        },
        { type: "provider", id: "openai.web_search" },
      ],
      toolChoice: { name: "look" },
      output: { name: "n", schema: { type: "object" } },
      maxOutputTokens: 100,
      temperature: 0.5,
      topP: 0.9,
      reasoning: "max",
      stream: true,
      providerOptions: {
        openai: {
          store: false,
          include: ["reasoning.encrypted_content"],
          text: { verbosity: "low" },
          reasoning: { summary: "auto" },
        },
      },
    });
  });

  test("keeps a choice that only OpenAI has a word for", () => {
    const choice = { type: "allowed_tools", mode: "auto", tools: [{ type: "web_search" }] };
    const { request } = protocol.readRequest({ ...hello, tools: [{ type: "web_search" }], tool_choice: choice });
    expect(request).toMatchObject({ providerOptions: { openai: { tool_choice: choice } } });
    expect(request).not.toHaveProperty("toolChoice");
  });

  test("keeps what a client did for OpenAI's tools, and what only OpenAI understands", () => {
    const shell = {
      type: "local_shell_call",
      id: "l",
      call_id: "c",
      action: { type: "exec", command: ["ls"], env: {} },
      status: "completed",
    };
    const ran = { type: "local_shell_call_output", id: "l", output: "a" };
    const { request } = protocol.readRequest({ ...hello, input: [shell, ran] });
    expect(request.messages).toMatchObject([
      { role: "assistant", content: [{ type: "opaque", kind: "local_shell_call" }] },
      { role: "tool", content: [{ type: "opaque", kind: "local_shell_call_output" }] },
    ]);
    expect(encodeResponses(request, { dialect, model: "m" }).body["input"]).toStrictEqual([shell, ran]);
  });

  test.each<[string, JsonObject]>([
    ["input", { input: [] }],
    ["input", { input: 7 }],
    ["input[0]", { input: ["a"] }],
    ["input[0].role", { input: [{ role: "robot", content: "a" }] }],
    ["input[0].content[0].type", { input: [{ role: "user", content: [{ type: "video" }] }] }],
    [
      "input[0].content[0].image_url",
      { input: [{ role: "user", content: [{ type: "input_image", image_url: "no url" }] }] },
    ],
    ["input[0]", { input: [{ type: "item_reference", id: "msg_1" }] }],
    ["input[0].call_id", { input: [{ type: "function_call", name: "a", arguments: "{}" }] }],
    ["input[0].arguments", { input: [{ type: "function_call", name: "a", call_id: "c" }] }],
    ["input[0].output", { input: [{ type: "function_call_output", call_id: "c" }] }],
    ["previous_response_id", { previous_response_id: "resp_1" }],
    ["background", { background: true }],
    ["tools[0].name", { tools: [{ type: "function" }] }],
    ["tools[0].type", { tools: [{}] }],
    ["tool_choice", { tool_choice: 7 }],
    ["text.format.type", { text: { format: { type: "xml" } } }],
    ["reasoning.effort", { reasoning: { effort: "huge" } }],
    ["max_output_tokens", { max_output_tokens: "7" }],
    ["stream", { stream: "yes" }],
    ["model", { model: 7 }],
    ["input[0]", { input: [{ id: "msg_1" }] }],
  ])("is refused by the field that is wrong: %s", (field, members) => {
    expect(refusal({ ...hello, ...members })).toMatchObject({
      code: "invalid-request",
      message: expect.stringContaining(`\`${field}\``) as unknown,
    });
  });
});

function refusal(body: Json): unknown {
  try {
    return protocol.readRequest(body);
  } catch (error) {
    return error;
  }
}
