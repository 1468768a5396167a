import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ModelError } from "@plugboard/core";
import type { Json, JsonObject, ModelEvent, ModelResult } from "@plugboard/core";
import { decodeResponse, responseDecoder } from "./decode.ts";
import { openaiResponsesDialect as dialect } from "./openai-responses.ts";
import { responsesSamples } from "./responses.samples.ts";

const decoding = { dialect, model: "asked" };

function decode(output: readonly JsonObject[], more: JsonObject = {}): ModelResult {
  return decodeResponse({ status: "completed", output, ...more }, decoding, {});
}

/** What each message of a stream says. */
function pushed(...messages: readonly JsonObject[]): ModelEvent[][] {
  const decoder = responseDecoder(decoding, {});
  return messages.map((message) => {
    const out: ModelEvent[] = [];
    decoder.push(JSON.stringify(message), "", out);
    return out;
  });
}

function failure(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}

const message = (...content: readonly JsonObject[]): JsonObject => ({
  type: "message",
  id: "msg_1",
  role: "assistant",
  status: "completed",
  content,
});
const thoughts = { type: "reasoning", id: "rs_1", summary: [], encrypted_content: "gAAA", status: "completed" };
const head = { type: "response.created", response: { id: "resp_1", model: "gpt-5", created_at: 12 } };

test("says who answered, and the account of the answer", () => {
  const result = decode([], {
    id: "resp_1",
    model: "gpt-5-2025-08-07",
    created_at: 12,
    service_tier: "flex",
    usage: { input_tokens: 5, output_tokens: 7, input_tokens_details: { cached_tokens: 9 } },
  });
  expect(result).toStrictEqual({
    id: "resp_1",
    model: "gpt-5-2025-08-07",
    created: 12_000,
    content: [],
    finishReason: "stop",
    rawFinishReason: "completed",
    usage: { input: 5, output: 7, cachedInput: 5 },
    providerData: { openai: { service_tier: "flex" } },
    warnings: [],
  });
});

describe("items that OpenAI wants back", () => {
  test("are kept whole, thoughts with what is encrypted in them", () => {
    const compaction = { type: "compaction", id: "cmp_1", encrypted_content: "gBBB" };
    expect(decode([thoughts, compaction]).content).toStrictEqual([
      { type: "reasoning", text: "", providerData: { openai: { item: thoughts } } },
      { type: "opaque", kind: "compaction", providerData: { openai: { item: compaction } } },
    ]);
  });

  test("are kept beside text and calls, without what these say themselves", () => {
    const call = {
      type: "function_call",
      id: "fc_1",
      call_id: "call_1",
      name: "look",
      arguments: '{"a": 1}',
      namespace: "n",
    };
    expect(
      decode([{ ...message({ type: "output_text", text: "Hi" }), phase: "commentary" }, call]).content,
    ).toStrictEqual([
      {
        type: "text",
        text: "Hi",
        providerData: { openai: { item: { type: "message", id: "msg_1", role: "assistant", phase: "commentary" } } },
      },
      {
        type: "tool-call",
        id: "call_1",
        name: "look",
        input: { a: 1 },
        raw: '{"a": 1}',
        providerData: { openai: { item: { type: "function_call", id: "fc_1", namespace: "n" } } },
      },
    ]);
  });
});

test("reads a tool that the provider ran as a call and its result, and counts it", () => {
  const search = { type: "web_search_call", id: "ws_1", status: "completed", action: { type: "search", query: "a" } };
  const { content, usage, finishReason } = decode([search, search], { usage: { input_tokens: 1, output_tokens: 2 } });
  expect(content.slice(0, 2)).toStrictEqual([
    {
      type: "tool-call",
      id: "ws_1",
      name: "web_search",
      input: { action: { type: "search", query: "a" } },
      executed: true,
      providerData: { openai: { item: search } },
    },
    {
      type: "tool-result",
      id: "ws_1",
      name: "web_search",
      output: [{ type: "json", value: { status: "completed" } }],
      executed: true,
    },
  ]);
  expect(usage).toStrictEqual({ input: 1, output: 2, serverTools: { web_search: 2 } });
  expect(finishReason).toBe("stop");
});

test("calls the tools that the provider ran as the application does", () => {
  const search = { type: "web_search_call", id: "ws_1", status: "completed" };
  const named = decodeResponse(
    { output: [search] },
    { ...decoding, providerToolName: (type) => (type === "web_search" ? "look_up" : type) },
    {},
  );
  expect(named.content).toMatchObject([{ name: "look_up" }, { name: "look_up" }]);
});

test("reads calls of MCP tools with their text, and their failures", () => {
  const call = { type: "mcp_call", id: "mcp_1", name: "roll", server_label: "dice", arguments: '{"n":2}' };
  const ran = decode([
    { ...call, output: "7", error: null, status: "completed" },
    { ...call, output: null, error: { type: "http_error", code: 500 }, status: "failed" },
  ]);
  expect(ran.content).toMatchObject([
    { type: "tool-call", name: "roll", input: { n: 2 }, executed: true },
    { type: "tool-result", name: "roll", output: "7" },
    { type: "tool-call" },
    { type: "tool-result", isError: true, output: [{ type: "json", value: { error: { code: 500 } } }] },
  ]);
  expect(ran.usage).toStrictEqual({});
});

test("reads a made image as a file in the result", () => {
  const { content } = decode([
    { type: "image_generation_call", id: "ig_1", status: "completed", result: "AQID", output_format: "webp" },
  ]);
  expect(content[1]).toMatchObject({
    output: [{ type: "file", mediaType: "image/webp", data: new Uint8Array([1, 2, 3]) }, { type: "json" }],
  });
});

test("keeps a call of a tool with free text as text, not as JSON", () => {
  const call = { type: "custom_tool_call", id: "ctc_1", call_id: "call_1", name: "sql", input: "12" };
  expect(decode([call])).toMatchObject({
    finishReason: "tool-calls",
    content: [{ id: "call_1", input: "12", raw: "12", providerData: { openai: { type: "custom" } } }],
  });
});

test("leaves out a call that was cut short", () => {
  const call = { type: "function_call", call_id: "c", name: "look", arguments: '{"a', status: "incomplete" };
  const cut = decode([call], { status: "incomplete", incomplete_details: { reason: "max_output_tokens" } });
  expect(cut).toMatchObject({ content: [], finishReason: "length", rawFinishReason: "max_output_tokens" });
});

test("reads annotations of every kind as citations", () => {
  const annotations = [
    { type: "url_citation", url: "https://a.example", title: "A", start_index: 1, end_index: 2 },
    { type: "file_citation", file_id: "file_1", filename: "a.pdf", index: 3 },
    { type: "url_citation", url: "https://b.example" },
  ];
  const [part] = decode([message({ type: "output_text", text: "Hi", annotations })]).content;
  expect(part).toMatchObject({
    citations: [
      { source: { url: "https://a.example", title: "A" }, start: 1, end: 2 },
      { source: { id: "file_1", filename: "a.pdf", providerData: { openai: { annotation: annotations[1] } } } },
      { source: { url: "https://b.example" } },
    ],
  });
});

test("takes streamed annotations where the finished item has none", () => {
  const [begin, , annotation, end] = pushed(
    head,
    { type: "response.output_text.delta", output_index: 0, content_index: 0, delta: "Hi" },
    {
      type: "response.output_text.annotation.added",
      output_index: 0,
      content_index: 0,
      annotation: { type: "url_citation", url: "https://a.example" },
    },
    { type: "response.output_item.done", output_index: 0, item: message({ type: "output_text", text: "Hi" }) },
  );
  expect(begin).toMatchObject([{ type: "start", model: "gpt-5" }]);
  expect(annotation).toStrictEqual([]);
  expect(end).toMatchObject([{ part: { text: "Hi", citations: [{ source: { url: "https://a.example" } }] } }]);
});

test("marks a refusal, and keeps log probabilities", () => {
  expect(decode([message({ type: "refusal", refusal: "No." })])).toMatchObject({
    finishReason: "refusal",
    content: [{ type: "text", text: "No.", providerData: { openai: { refusal: true } } }],
  });
  const logprobs = [{ token: "Hi", logprob: -0.1, bytes: [], top_logprobs: [] }];
  expect(decode([message({ type: "output_text", text: "Hi", logprobs })]).providerData).toStrictEqual({
    openai: { logprobs },
  });
});

describe("thoughts that are not shown", () => {
  const thinking = { ...thoughts, encrypted_content: null };
  const steps = [
    head,
    { type: "response.output_item.added", output_index: 0, item: thinking },
    { type: "response.output_item.done", output_index: 0, item: thoughts },
    { type: "response.output_text.delta", output_index: 1, content_index: 0, delta: "Hi" },
  ];

  test("wait for the first word, so that nobody settles for them", () => {
    const [, added, done, text] = pushed(...steps);
    expect([added, done]).toStrictEqual([[], []]);
    expect(text).toStrictEqual([
      { type: "part", index: 0, part: { type: "reasoning", text: "", providerData: { openai: { item: thoughts } } } },
      { type: "text-delta", index: 1, text: "Hi" },
    ]);
  });

  test("keep the provider busy until they end", () => {
    const decoder = responseDecoder(decoding, {});
    const busy = steps.map((step) => {
      decoder.push(JSON.stringify(step), "", []);
      return decoder.busy;
    });
    expect(busy).toStrictEqual([false, true, false, false]);
  });
});

test("is busy while the provider runs a tool, and shows that it does", () => {
  const decoder = responseDecoder(decoding, {});
  const out: ModelEvent[] = [];
  const item = { type: "code_interpreter_call", id: "ci_1", status: "in_progress" };
  decoder.push(JSON.stringify({ type: "response.output_item.added", output_index: 0, item }), "", out);
  expect(out).toMatchObject([{ type: "start" }, { type: "tool-call-start", index: 0, name: "code_interpreter" }]);
  expect(decoder.busy).toBe(true);
  const done = { ...item, status: "completed", code: "1", container_id: "c", outputs: [] };
  decoder.push(JSON.stringify({ type: "response.output_item.done", output_index: 0, item: done }), "", out);
  expect(out.slice(2)).toMatchObject([
    { type: "part", index: 0, part: { input: { code: "1", container_id: "c" } } },
    { type: "part", index: 1, part: { type: "tool-result" } },
  ]);
  expect(decoder.busy).toBe(false);
});

test("believes a vendor that counts its tools itself", () => {
  const details = { web_search_calls: 2, x_search_calls: 0, mcp_calls: 3 };
  const counted = decode([], { usage: { input_tokens: 1, server_side_tool_usage_details: details } });
  expect(counted.usage).toStrictEqual({ input: 1, serverTools: { web_search: 2 } });
});

test("knows an error in a stream that has no type", () => {
  expect(failure(() => pushed(head, { error: { code: "server_is_overloaded", message: "Busy." } }))).toMatchObject({
    code: "overloaded",
  });
});

test("tells items apart by their ids where a server does not count them", () => {
  const events = pushed(
    { type: "response.output_text.delta", item_id: "a", delta: "One" },
    { type: "response.output_text.delta", item_id: "b", delta: "Two" },
    {
      type: "response.completed",
      response: { output: [{ ...message({ type: "output_text", text: "One" }), id: "a" }] },
    },
  ).flat();
  expect(events.filter(({ type }) => type === "part")).toMatchObject([
    { part: { text: "One" } },
    { part: { text: "Two" } },
  ]);
});

test("ignores events it does not know, and whatever comes after the last", () => {
  const end = { type: "response.completed", response: { output: [] } };
  const late = { type: "response.output_text.delta", output_index: 0, content_index: 0, delta: "late" };
  expect(pushed(head, { type: "response.dreaming" }, end, late, end).map((events) => events.length)).toStrictEqual([
    1, 0, 1, 0, 0,
  ]);
});

test.each<[string, Json, string]>([
  ["an error in place of an answer", { error: { code: "insufficient_quota", message: "Spent." } }, "quota"],
  ["an error that is text", { code: "x", error: "Incorrect API key provided." }, "server"],
  [
    "an answer that failed",
    { status: "failed", output: [], error: { code: "invalid_prompt", message: "No." } },
    "content-filter",
  ],
  ["an answer made in the background", { status: "queued", output: [] }, "unsupported"],
  ["an answer that was cancelled", { status: "cancelled", output: [] }, "aborted"],
  ["no answer", { hello: 1 }, "parse"],
  ["a list", [], "parse"],
])("refuses %s", (_, body, code) => {
  expect(failure(() => decodeResponse(body, decoding, {}))).toMatchObject({ code, provider: "openai" });
});

test.each([
  ["no JSON", "{"],
  ["no object", "[]"],
  ["text in an item that is a call", '{"type":"response.output_text.delta","output_index":0,"delta":"a"}'],
  ["a call that ends as a message", '{"type":"response.output_item.done","output_index":0,"item":{"type":"message"}}'],
])("refuses an event that is %s", (_, data) => {
  const decoder = responseDecoder(decoding, {});
  const item = { type: "function_call", call_id: "c", name: "n" };
  decoder.push(JSON.stringify({ type: "response.output_item.added", output_index: 0, item }), "", []);
  expect(failure(() => decoder.push(data, "", []))).toMatchObject({ code: "parse" });
});

test("keeps a chat completion that came instead, with a warning, for whoever asked in the wrong protocol", () => {
  const body = { object: "chat.completion", model: "m", choices: [] };
  expect(decodeResponse(body, decoding, {})).toMatchObject({
    content: [{ type: "opaque", kind: "chat.completion", providerData: { openai: { completion: body } } }],
    warnings: [{ code: "adapted" }],
  });
});

/** A stream of a sample with one of its lines broken. */
const broken: fc.Arbitrary<string[]> = fc
  .record({
    sample: fc.constantFrom(...responsesSamples.filter(({ mode }) => mode === "stream")),
    at: fc.nat(),
    how: fc.constantFrom("drop", "twice", "swap", "blank"),
    member: fc.nat(),
    value: fc.jsonValue({ maxDepth: 1 }),
  })
  .map(({ sample, at, how, member, value }) => {
    const lines = new TextDecoder()
      .decode(sample.body)
      .match(/^data: .*$/gm)!
      .map((line) => line.slice("data: ".length));
    const place = at % lines.length;
    const line = lines[place]!;
    if (how === "drop") lines.splice(place, 1);
    else if (how === "twice") lines.splice(place, 0, line);
    else if (how === "swap") lines.splice(place, 1, lines.splice((place + 1) % lines.length, 1, line)[0]!);
    else {
      const event = JSON.parse(line) as Record<string, unknown>;
      const holder = [event, event["item"], event["response"]].filter((inner) => typeof inner === "object" && inner)[
        member % 3
      ] as Record<string, unknown> | undefined;
      const target = holder ?? event;
      const names = Object.keys(target);
      target[names[member % names.length]!] = value;
      lines[place] = JSON.stringify(event);
    }
    return lines;
  });

/** What is wrong with how a stream is read. */
function faultsOf(lines: readonly string[]): string[] {
  const decoder = responseDecoder(decoding, {});
  const events: ModelEvent[] = [];
  try {
    for (const line of lines) decoder.push(line, "", events);
  } catch (error) {
    return error instanceof ModelError ? [] : [`thrown: ${String(error)}`];
  }
  const faults: string[] = [];
  const said = new Map<number, string>();
  for (const event of events) {
    if (event.type === "text-delta") said.set(event.index, (said.get(event.index) ?? "") + event.text);
    const text = event.type === "part" && event.part.type === "text" ? event.part.text : undefined;
    if (event.type === "part" && text !== undefined && text !== said.get(event.index)) faults.push(`text: ${text}`);
  }
  const ends = events.filter(({ type }) => type === "finish").length;
  return ends > 1 ? [...faults, `${ends} ends`] : faults;
}

test("makes of a broken stream an answer in order or an error of ours", () => {
  fc.assert(
    fc.property(broken, (lines) => {
      expect(faultsOf(lines)).toStrictEqual([]);
    }),
    { numRuns: 2000 },
  );
});

describe("what servers leave out, or write otherwise", () => {
  test("is passed over: items, pieces and annotations that are none", () => {
    const odd = message(7 as never, { type: "output_text", text: "Hi", annotations: [7] }, { type: "output_text" });
    expect(decode([7 as never, odd]).content).toMatchObject([{ type: "text", text: "Hi" }]);
    expect(decode([{ type: "reasoning", id: "r", summary: [7, { text: "Hm." }] }]).content).toMatchObject([
      { text: "Hm." },
    ]);
  });

  test("the last event may come alone, after what was said", () => {
    const told = pushed(
      head,
      { type: "response.output_text.delta", output_index: 0, content_index: 0, delta: "Hi" },
      { type: "response.output_text.annotation.added", output_index: 0, content_index: 0 },
      { type: "response.completed" },
    ).flat();
    expect(told.at(-1)).toMatchObject({ type: "finish", finishReason: "stop", usage: {} });
    expect(told.at(-2)).toMatchObject({ type: "part", part: { text: "Hi" } });
  });

  test("an answer that was cut for a reason of no word is `other`, and one that failed without an error is one", () => {
    expect(decode([], { status: "incomplete", incomplete_details: { reason: "moon" } }).finishReason).toBe("other");
    expect(failure(() => decode([], { status: "failed" }))).toMatchObject({ code: "server" });
  });

  test("a made image without a form is a PNG, and a drawing is one", () => {
    const image = { type: "image_generation_call", id: "ig_1", status: "completed", result: "AQID" };
    expect(decode([image]).content).toMatchObject([{}, { output: [{ mediaType: "image/png" }, {}] }]);
    const drawing = { ...image, output_format: "svg" };
    expect(decode([drawing]).content).toMatchObject([{}, { output: [{ mediaType: "image/svg+xml" }, {}] }]);
  });

  test("a tool of a server of one's own that has no name has its kind for one", () => {
    expect(decode([{ type: "mcp_call", id: "m", output: "a" }]).content).toMatchObject([
      { name: "mcp" },
      { name: "mcp" },
    ]);
  });

  test("a chat completion that does not say who answered is kept too", () => {
    const { model, content } = decodeResponse({ object: "chat.completion", choices: [] }, decoding, {});
    expect([model, content[0]!.type]).toStrictEqual(["asked", "opaque"]);
  });
});

test("a call that ends under another name than it began with is unreadable", () => {
  const item = { type: "function_call", id: "fc_1", call_id: "c1", arguments: "{}", status: "completed" };
  const added = { type: "response.output_item.added", output_index: 0, item: { ...item, name: "read", arguments: "" } };
  const done = { type: "response.output_item.done", output_index: 0, item: { ...item, name: "erase" } };
  expect(failure(() => pushed(head, added, done))).toMatchObject({ code: "parse" });
  const same = pushed(head, added, { ...done, item: { ...done.item, name: "read" } });
  expect(same.flat().find(({ type }) => type === "part")).toMatchObject({ part: { name: "read" } });
});

describe("events that differ in their text alone", () => {
  const place = { output_index: fc.nat(2), content_index: fc.nat(1) };
  const deltas = (type: string): fc.Arbitrary<JsonObject> =>
    fc.record({ type: fc.constant(type), ...place, delta: fc.string({ unit: "grapheme" }) });
  const said = fc.oneof(
    deltas("response.output_text.delta"),
    deltas("response.refusal.delta"),
    deltas("response.reasoning_text.delta"),
    deltas("response.function_call_arguments.delta"),
    fc.record({ type: fc.constant("response.output_item.done"), ...place, item: fc.constant(message()) }),
    fc.constant({ type: "response.in_progress" }),
  );
  const items = [message(), thoughts, { type: "function_call", call_id: "c", name: "f" }];
  const opening = items.map((item, place) => ({ type: "response.output_item.added", output_index: place, item }));

  test("are read as if each were parsed", () => {
    const outcome = (messages: readonly JsonObject[]): unknown => {
      try {
        return pushed(head, ...opening, ...messages);
      } catch (error) {
        return (error as Error).message;
      }
    };
    fc.assert(
      fc.property(fc.array(said, { maxLength: 12 }), (messages) => {
        const counted = messages.map((message, place) => ({ sequence_number: place, ...message }));
        // A member that differs each time, and that nobody knows, keeps every event from being a twin.
        const varied = messages.map((message, odd) => ({ ...message, odd }));
        expect(outcome(messages)).toEqual(outcome(varied));
        expect(outcome(counted)).toEqual(outcome(varied));
      }),
      { numRuns: 300 },
    );
  });

  test("differ also in the names of the events, where nothing else says what they are", () => {
    const decoder = responseDecoder(decoding, {});
    const out: ModelEvent[] = [];
    const type = "response.output_text.delta";
    decoder.push('{"output_index":0,"content_index":0,"delta":"a"}', type, out);
    decoder.push('{"output_index":0,"content_index":0,"delta":"b"}', "response.in_progress", out);
    decoder.push(`{"type":"${type}","output_index":0,"content_index":0,"delta":"c"}`, "", out);
    decoder.push('{"output_index":1,"content_index":0,"delta":"d"}', type, out);
    decoder.push(`{"type":"${type}","output_index":0,"content_index":0,"delta":"e"}`, "", out);
    const said = out.flatMap((event) => (event.type === "text-delta" ? [[event.index, event.text]] : []));
    expect(said).toEqual([
      [0, "a"],
      [0, "c"],
      [1, "d"],
      [0, "e"],
    ]);
  });
});
