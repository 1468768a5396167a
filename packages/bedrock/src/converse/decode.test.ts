import type { AssistantPart, Finish, Json, JsonObject, ModelEvent, ModelResult } from "@plugboard/core";
import { ModelError } from "@plugboard/core";
import { awsEventStream } from "@plugboard/wire";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { awsFrame as frame } from "@plugboard/recordings";
import { block, samples } from "../../test/samples.ts";
import type { DecodeContext } from "./decode.ts";
import { converseDecoder } from "./decode-stream.ts";
import { decodeConverse } from "./decode.ts";
import { encodeConverse } from "./encode.ts";
import { usageOf } from "./usage.ts";

const context: DecodeContext = { model: "us.amazon.nova-2-lite-v1:0", toolName: (name) => name };

function whole(content: readonly Json[], more: JsonObject = {}, given = context): ModelResult {
  const body = { output: { message: { role: "assistant", content } }, stopReason: "end_turn", usage: {}, ...more };
  return decodeConverse(body, {}, given);
}

/** Reads frames; the content and the finish that they gave. */
function streamed(
  frames: readonly Uint8Array[],
  given = context,
): { readonly content: AssistantPart[]; readonly finish: Finish | undefined; readonly events: ModelEvent[] } {
  const decoder = converseDecoder({}, given);
  const framing = awsEventStream.open(decoder, 1_000_000);
  const events: ModelEvent[] = [];
  for (const bytes of frames) framing.push(bytes, events);
  decoder.end(events);
  return {
    events,
    content: events.flatMap((event) => (event.type === "part" ? event.part : [])),
    finish: events.find((event) => event.type === "finish"),
  };
}

const stop = (stopReason: string, more: JsonObject = {}): Buffer => frame("messageStop", { stopReason, ...more });

describe("thoughts", () => {
  test("keep their signature, and those that nobody may read are kept whole, streamed or not", () => {
    const thoughts = [
      { type: "reasoning", text: "Hm.", providerData: { bedrock: { signature: "EqQ" } } },
      { type: "reasoning", text: "Unsigned." },
      { type: "opaque", kind: "redactedContent", providerData: { bedrock: { value: "YWJj" } } },
    ];
    const { content } = whole([
      { reasoningContent: { reasoningText: { text: "Hm.", signature: "EqQ" } } },
      { reasoningContent: { reasoningText: { text: "Unsigned." } } },
      { reasoningContent: { redactedContent: "YWJj" } },
    ]);
    expect(content).toEqual(thoughts);
    const frames = [
      ...block(
        0,
        undefined,
        { reasoningContent: { text: "H" } },
        { reasoningContent: { text: "m." } },
        { reasoningContent: { signature: "EqQ" } },
      ),
      ...block(1, undefined, { reasoningContent: { text: "Unsigned." } }),
      ...block(2, undefined, { reasoningContent: { redactedContent: "YWJj" } }),
      stop("end_turn"),
    ];
    expect(streamed(frames).content).toEqual(thoughts);
  });
});

describe("what Bedrock ran", () => {
  const ran = [
    {
      type: "tool-call",
      id: "s",
      name: "nova_code_interpreter",
      input: { snippet: "1" },
      executed: true,
      providerData: { bedrock: { type: "server_tool_use" } },
    },
    {
      type: "tool-result",
      id: "s",
      name: "nova_code_interpreter",
      output: [{ type: "json", value: { stdOut: "1" } }],
      executed: true,
      isError: true,
      providerData: { bedrock: { type: "nova_code_interpreter_result", status: "error" } },
    },
  ];
  const call = { toolUseId: "s", name: "nova_code_interpreter", type: "server_tool_use" };
  const result = { toolUseId: "s", status: "error", type: "nova_code_interpreter_result" };

  test("is told apart from the application's own calls, streamed or not", () => {
    const body = [
      { toolUse: { ...call, input: { snippet: "1" } } },
      { toolResult: { ...result, content: [{ json: { stdOut: "1" } }] } },
    ];
    expect(whole(body).content).toEqual(ran);
    const frames = [
      ...block(0, { toolUse: call }, { toolUse: { input: '{"snippet":' } }, { toolUse: { input: ' "1"}' } }),
      ...block(1, { toolResult: result }, { toolResult: [{ json: { stdOut: "1" } }] }),
      stop("end_turn"),
    ];
    expect(streamed(frames).content).toEqual(ran);
    expect(streamed(frames).finish?.finishReason).toBe("stop");
  });

  test("may be a result whose call is not there", () => {
    expect(whole([{ toolResult: { toolUseId: "x", content: [{ text: "found" }] } }]).content).toMatchObject([
      { type: "tool-result", id: "x", name: "unknown", output: "found", executed: true },
    ]);
  });
});

describe("citations", () => {
  const citation = {
    title: "facts",
    location: { web: { url: "https://a.example" } },
    sourceContent: [{ text: "It was " }, { text: "so." }],
  };
  const cited = {
    type: "text",
    text: "So it was.",
    citations: [
      {
        source: { type: "source", url: "https://a.example", title: "facts", providerData: { bedrock: citation } },
        quote: "It was so.",
      },
    ],
  };

  test("stand with the text that they are for, streamed or not", () => {
    const body = [{ citationsContent: { content: [{ text: "So it " }, { text: "was." }], citations: [citation] } }];
    expect(whole(body).content).toEqual([cited]);
    const frames = block(0, undefined, { citation }, { text: "So it " }, { text: "was." });
    expect(streamed([...frames, stop("end_turn")]).content).toEqual([cited]);
  });
});

describe("calls of tools", () => {
  test("without sound arguments wait for what comes next, and are left out where a limit cut them", () => {
    const begun = block(0, { toolUse: { toolUseId: "1", name: "now" } }, { toolUse: { input: "" } });
    expect(streamed([...begun, stop("tool_use")]).content).toEqual([
      { type: "tool-call", id: "1", name: "now", input: {} },
    ]);
    const cut = streamed([...begun, stop("max_tokens")]);
    expect(cut.content).toEqual([]);
    expect(cut.finish).toMatchObject({ finishReason: "length", warnings: [{ code: "dropped" }] });
    const earlier = streamed([...begun, ...block(1, undefined, { text: "Well." }), stop("max_tokens")]);
    expect(earlier.content).toMatchObject([{ type: "tool-call", id: "1" }, { type: "text" }]);
  });

  test("that are not JSON keep their text", () => {
    const broken = block(0, { toolUse: { toolUseId: "1", name: "now" } }, { toolUse: { input: "{oops" } });
    expect(streamed([...broken, stop("tool_use")]).content).toEqual([
      { type: "tool-call", id: "1", name: "now", input: "{oops", raw: "{oops", invalid: true },
    ]);
  });

  test("whose block never ends are given all the same, or left out with the limit", () => {
    const open = block(0, { toolUse: { toolUseId: "1", name: "now" } }, { toolUse: { input: '{"a":1}' } }).slice(0, -1);
    expect(streamed([...open, stop("tool_use")]).content).toMatchObject([{ input: { a: 1 } }]);
    const half = block(0, { toolUse: { toolUseId: "1", name: "now" } }, { toolUse: { input: '{"a":' } }).slice(0, -1);
    expect(streamed([...half, stop("max_tokens")]).content).toEqual([]);
  });

  test("count as calls although the reason is another", () => {
    const result = whole([{ toolUse: { toolUseId: "1", name: "now", input: {} } }], { stopReason: "end_turn" });
    expect(result).toMatchObject({ finishReason: "tool-calls", rawFinishReason: "end_turn" });
  });
});

describe("an answer that a tool stands for", () => {
  const call = { toolUse: { toolUseId: "1", name: "output", input: { value: [1] } } };
  const wrapped: DecodeContext = { ...context, outputTool: { name: "output", wrapped: true } };
  const plain: DecodeContext = { ...context, outputTool: { name: "output", wrapped: false } };

  test("is text, streamed or not", () => {
    expect(whole([call], { stopReason: "tool_use" }, wrapped)).toMatchObject({
      content: [{ type: "text", text: "[1]" }],
      finishReason: "stop",
    });
    expect(whole([call], { stopReason: "tool_use" }, plain).content).toEqual([{ type: "text", text: '{"value":[1]}' }]);
    const frames = block(
      0,
      { toolUse: { toolUseId: "1", name: "output" } },
      { toolUse: { input: '{"value":' } },
      {
        toolUse: { input: "[1]}" },
      },
    );
    expect(streamed([...frames, stop("tool_use")], wrapped)).toMatchObject({
      content: [{ type: "text", text: "[1]" }],
      finish: { finishReason: "stop" },
    });
    const told = streamed([...frames, stop("tool_use")], plain);
    expect(told.content).toEqual([{ type: "text", text: '{"value":[1]}' }]);
    expect(told.events.filter(({ type }) => type === "text-delta")).toHaveLength(2);
  });
});

test("begins once, whatever says so first", () => {
  const start = frame("messageStart", { role: "assistant" });
  for (const frames of [
    [start, start, ...block(0, undefined, { text: "Hi" }), stop("end_turn")],
    [...block(0, undefined, { text: "Hi" }), stop("end_turn")],
  ]) {
    const { events } = streamed(frames);
    expect(events.map(({ type }) => type)).toEqual(["start", "text-delta", "part", "finish"]);
  }
});

test("ends with the counts, or with the reason where they came first: whatever the connection does then", () => {
  const metadata = frame("metadata", { usage: { inputTokens: 1, outputTokens: 2 } });
  for (const frames of [
    [stop("end_turn"), metadata],
    [metadata, stop("end_turn")],
  ]) {
    const events: ModelEvent[] = [];
    const framing = awsEventStream.open(converseDecoder({}, context), 1000);
    framing.push(frames[0]!, events);
    expect(events.some(({ type }) => type === "finish")).toBe(false);
    framing.push(frames[1]!, events);
    expect(events.at(-1)).toMatchObject({ type: "finish", finishReason: "stop", usage: { input: 1, output: 2 } });
  }
});

test("keeps blocks that nobody here knows, and files", () => {
  const image = { format: "png", source: { bytes: "AQID" } };
  const { content } = whole([{ image }, { somethingNew: { a: 1 } }, {}]);
  expect(content).toEqual([
    { type: "file", mediaType: "image/png", data: new Uint8Array([1, 2, 3]) },
    { type: "opaque", kind: "somethingNew", providerData: { bedrock: { value: { a: 1 } } } },
    { type: "opaque", kind: "empty", providerData: { bedrock: { value: null } } },
  ]);
  const frames = block(0, { image: { format: "png" } }, { image: { source: { bytes: "AQID" } } });
  expect(streamed([...frames, frame("somethingNew", {}), stop("end_turn")]).content).toEqual(content.slice(0, 1));
});

test("keeps what an answer says beside the contract", () => {
  const more = {
    additionalModelResponseFields: "a text",
    trace: { guardrail: {} },
    performanceConfig: { latency: "optimized" },
    serviceTier: { type: "flex" },
  };
  expect(whole([], more).providerData).toEqual({ bedrock: more });
  const { additionalModelResponseFields, ...rest } = more;
  const frames = [stop("end_turn", { additionalModelResponseFields }), frame("metadata", { usage: {}, ...rest })];
  expect(streamed(frames).finish?.providerData).toEqual({ bedrock: more });
});

test.for([
  ["end_turn", "stop"],
  ["stop_sequence", "stop"],
  ["tool_use", "tool-calls"],
  ["max_tokens", "length"],
  ["model_context_window_exceeded", "length"],
  ["guardrail_intervened", "content-filter"],
  ["content_filtered", "content-filter"],
  ["malformed_model_output", "other"],
  ["something_new", "other"],
] as const)("knows the ending %s as %s", ([stopReason, finishReason]) => {
  expect(whole([], { stopReason })).toMatchObject({ finishReason, rawFinishReason: stopReason });
});

describe("usage", () => {
  test("adds what was read from and written to the cache, and tells writes for an hour apart", () => {
    const wire = { inputTokens: 3, outputTokens: 121, cacheReadInputTokens: 1712, cacheWriteInputTokens: 236 };
    expect(usageOf(wire)).toEqual({ input: 1951, output: 121, cachedInput: 1712, cacheWrite5m: 236 });
    const cacheDetails = [
      { ttl: "5m", inputTokens: 200 },
      { ttl: "1h", inputTokens: 36 },
    ];
    expect(usageOf({ ...wire, cacheDetails })).toMatchObject({ cacheWrite5m: 200, cacheWrite1h: 36 });
  });

  test("has no count that nobody told, and none that is none", () => {
    expect(usageOf(undefined)).toEqual({});
    expect(usageOf({ inputTokens: -1, outputTokens: "7", serverToolUsage: {} })).toEqual({});
    expect(usageOf({ inputTokens: 1, serverToolUsage: { webSearch: 2, other: 0 } })).toEqual({
      input: 1,
      serverTools: { webSearch: 2 },
    });
  });
});

describe("a body that is no answer", () => {
  test.for([[null], [[]], [{}], [{ output: {} }], [{ output: { message: {} } }]] as const)(
    "%o is a parse error",
    ([body]) => {
      expect(() => decodeConverse(body, {}, context)).toThrow(expect.objectContaining({ code: "parse" }));
    },
  );

  test("but an error with status 200 is that error", () => {
    const body = { message: "Too many requests", __type: "ThrottlingException" };
    expect(() => decodeConverse(body, {}, context)).toThrow(expect.objectContaining({ code: "rate-limit" }));
  });

  test("nor are events that are not JSON, or no object", () => {
    for (const data of ["{oops", "[]"]) {
      expect(() => converseDecoder({}, context).push(data, "messageStop", [])).toThrow(
        expect.objectContaining({ code: "parse" }),
      );
    }
  });
});

test("an exception without a word of JSON is told by its type", () => {
  const decoder = converseDecoder({}, context);
  expect(() => decoder.push("", "exception:throttlingException", [])).toThrow(
    expect.objectContaining({ code: "rate-limit", message: expect.stringContaining("throttlingException") }),
  );
});

test("what an answer says can be put into the next request, and comes out as it was", () => {
  const content = [
    { reasoningContent: { reasoningText: { text: "Hm.", signature: "EqQ" } } },
    { reasoningContent: { redactedContent: "YWJj" } },
    { text: "Let me see." },
    { citationsContent: { content: [{ text: "So it was." }], citations: [{ title: "facts", location: {} }] } },
    { toolUse: { toolUseId: "s", name: "nova_grounding", input: {}, type: "server_tool_use" } },
    { toolResult: { toolUseId: "s", content: [{ text: "found" }], type: "nova_grounding_result", status: "success" } },
    { toolUse: { toolUseId: "1", name: "now", input: { zone: "CET" } } },
  ];
  const answer = whole(content, { stopReason: "tool_use" });
  const { body } = encodeConverse(
    {
      messages: [
        { role: "user", content: "?" },
        { role: "assistant", content: answer.content },
        { role: "tool", content: [{ type: "tool-result", id: "1", name: "now", output: "noon" }] },
      ],
      tools: [{ name: "now", input: {} }],
    },
    "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
  );
  expect((body["messages"] as JsonObject[])[1]).toEqual({ role: "assistant", content });
});

/** What a stream gave, what its end gave, and what it was thrown. */
function readThrough(bytes: Uint8Array): { events: ModelEvent[]; ending: ModelEvent[]; error?: unknown } {
  const decoder = converseDecoder({}, context);
  const events: ModelEvent[] = [];
  const ending: ModelEvent[] = [];
  try {
    awsEventStream.open(decoder, 1_000_000).push(bytes, events);
    decoder.end(ending);
    return { events, ending };
  } catch (error) {
    return { events, ending, error };
  }
}

test("mutated streams give a typed error, or an answer that is right as far as it goes: never anything else", () => {
  const streams = samples.filter(({ mode }) => mode === "stream").map(({ body }) => Buffer.from(body));
  fc.assert(
    fc.property(
      fc.constantFrom(...streams),
      fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { maxLength: 3 }),
      fc.nat(),
      (stream, changes, cut) => {
        const bytes = Uint8Array.from(stream);
        for (const [place, change] of changes) bytes[place % bytes.length]! ^= change;
        const end = cut % 3 === 0 ? cut % bytes.length : bytes.length;
        const damaged = readThrough(bytes.subarray(0, end));
        expect(damaged.error === undefined || damaged.error instanceof ModelError).toBe(true);
        // Checksums guard every frame: what was read is what was sent, up to the damage.
        expect(readThrough(stream).events.slice(0, damaged.events.length)).toEqual(damaged.events);
        const finish = damaged.ending.at(-1);
        expect(finish === undefined || finish.type === "finish").toBe(true);
        expect(finish !== undefined && !stream.includes("messageStop")).toBe(false);
      },
    ),
    { numRuns: 1000 },
  );
});

describe("an answer that lacks what it should hold", () => {
  test("is read for what it has, in one body", () => {
    const { content, finishReason } = whole(
      [
        null,
        { toolUse: { toolUseId: "9" } },
        { reasoningContent: {} },
        { reasoningContent: { reasoningText: {} } },
        { citationsContent: { content: [null, { text: "a" }, {}], citations: [null, { sourceContent: [null] }] } },
        { toolResult: { content: [{ text: "a" }, null, { image: {} }] } },
        { toolResult: { toolUseId: "1", content: ["a"] } },
        { image: { source: { bytes: "AQ==" } } },
      ],
      { stopReason: null },
    );
    expect(finishReason).toBe("other");
    expect(content).toMatchObject([
      { type: "opaque", kind: "empty" },
      { type: "tool-call", id: "9", name: "", input: {} },
      { type: "reasoning", text: "" },
      { type: "reasoning", text: "" },
      { type: "text", text: "a", citations: [{ quote: "" }] },
      {
        type: "tool-result",
        id: "",
        name: "unknown",
        output: [
          { type: "text", text: "a" },
          { type: "json", value: null },
          { type: "json", value: { image: {} } },
        ],
      },
      { type: "tool-result", id: "1", name: "unknown", output: [{ type: "json", value: "a" }] },
      { type: "file", mediaType: "image/*" },
    ]);
  });

  test("is read for what it has, as a stream", () => {
    const { content, finish } = streamed([
      frame("contentBlockStart", {}), // a block that begins with nothing, and says nothing
      frame("contentBlockDelta", {}),
      frame("contentBlockStop", {}),
      frame("contentBlockStop", { contentBlockIndex: 7 }), // of a block that never began
      frame("contentBlockDelta", { contentBlockIndex: 1, delta: { text: "" } }),
      frame("contentBlockStop", { contentBlockIndex: 1 }),
      frame("contentBlockDelta", { delta: { text: "a" } }),
      frame("contentBlockStop", {}),
      frame("contentBlockStart", { contentBlockIndex: 2, start: { image: { format: "png" } } }),
      frame("contentBlockDelta", { contentBlockIndex: 2, delta: { image: { source: { bytes: "AQ==" } } } }),
      frame("contentBlockStop", { contentBlockIndex: 2 }),
      frame("contentBlockDelta", { contentBlockIndex: 3, delta: { novelty: { a: 1 } } }), // of a type that did not begin
      frame("contentBlockStop", { contentBlockIndex: 3 }),
      frame("messageStop", {}),
      frame("metadata", {}),
      frame("contentBlockDelta", { contentBlockIndex: 4, delta: { text: "late" } }),
    ]);
    expect(content).toMatchObject([
      { type: "text", text: "a" },
      { type: "file", mediaType: "image/png" },
      { type: "opaque", kind: "novelty", providerData: { bedrock: { value: { a: 1 } } } },
    ]);
    expect(finish).toMatchObject({ finishReason: "other", usage: {} });
    expect(finish).not.toHaveProperty("rawFinishReason");
  });

  test("ends though its counts never come, and closes what is open", () => {
    const { content, finish } = streamed([
      frame("contentBlockDelta", { contentBlockIndex: 0, delta: { text: "a" } }),
      stop("end_turn"),
    ]);
    expect(content).toEqual([{ type: "text", text: "a" }]);
    expect(finish).toMatchObject({ finishReason: "stop", usage: {} });
  });
});

describe("a stream that contradicts itself is a parse error, never a wrong answer:", () => {
  const begin = (toolUse: Json): Buffer => frame("contentBlockStart", { contentBlockIndex: 0, start: { toolUse } });
  const delta = (delta: Json): Buffer => frame("contentBlockDelta", { contentBlockIndex: 0, delta });
  const call = begin({ toolUseId: "t1", name: "weather" });

  test.each<[string, readonly Buffer[]]>([
    ["a block that begins twice", [call, call]],
    ["text in a call", [call, delta({ text: "Hi" })]],
    ["thoughts in a text", [delta({ text: "Hi" }), delta({ reasoningContent: { text: "Hm" } })]],
    [
      "hidden thoughts in ones that are shown",
      [delta({ reasoningContent: { text: "Hm" } }), delta({ reasoningContent: { redactedContent: "YWJj" } })],
    ],
    ["arguments in a text", [delta({ text: "Hi" }), delta({ toolUse: { input: "{" } })]],
    ["a call without an id", [begin({ name: "weather" })]],
  ])("%s", (_, frames) => {
    expect(() => streamed(frames)).toThrow(expect.objectContaining({ code: "parse" }));
  });

  test("also in one body, of a call without an id", () => {
    expect(() => whole([{ toolUse: { name: "weather", input: {} } }])).toThrow(
      expect.objectContaining({ code: "parse" }),
    );
  });

  test("while a delta that is not known changes nothing of a text", () => {
    const { content } = streamed([
      delta({ text: "Hi" }),
      delta({}),
      delta({ younger: { a: 1 } }),
      delta({ text: "!" }),
      stop("end_turn"),
    ]);
    expect(content).toStrictEqual([{ type: "text", text: "Hi!" }]);
  });
});
