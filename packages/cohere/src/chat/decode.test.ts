import type { Json, JsonObject, ModelEvent, ModelResult } from "@plugboard/core";
import { Gathering } from "@plugboard/core";
import { expect, test } from "vitest";
import { chatDecoder, decodeChat } from "./decode.ts";

const decoding = { model: "command-a-03-2025", toolName: (name: string) => name.replaceAll("_", ".") };

function whole(message: JsonObject, reason = "COMPLETE", more: JsonObject = {}): ModelResult {
  return decodeChat(
    { id: "c1", message: { role: "assistant", ...message }, finish_reason: reason, ...more },
    {},
    decoding,
  );
}

function streamed(...events: readonly Json[]): { events: ModelEvent[]; result: ModelResult } {
  const decoder = chatDecoder({}, decoding);
  const out: ModelEvent[] = [];
  for (const event of events) decoder.push(JSON.stringify(event), "", out);
  decoder.push("[DONE]", "", out);
  decoder.end(out);
  const gathering = new Gathering();
  for (const event of out) gathering.add(event);
  return { events: out, result: gathering.result };
}

const text = (index: number, piece: string): Json => ({
  type: "content-delta",
  index,
  delta: { message: { content: { text: piece } } },
});
const cite = (citation: JsonObject): Json => ({ type: "citation-start", delta: { message: { citations: citation } } });
const end: Json = { type: "message-end", delta: { finish_reason: "COMPLETE" } };

const documentSource = {
  type: "document",
  id: "doc:0",
  document: { title: "Facts", url: "https://a.example", text: "…" },
};
const toolSource = { type: "tool", id: "weather_1:0", tool_output: { content: "Sunny." } };

test("a citation becomes one for each of its sources, with what the source says of itself", () => {
  const { content } = whole({
    content: [{ type: "text", text: "It is sunny." }],
    citations: [{ start: 6, end: 11, text: "sunny", sources: [documentSource, toolSource], type: "TEXT_CONTENT" }],
  });
  expect(content).toEqual([
    {
      type: "text",
      text: "It is sunny.",
      citations: [
        {
          source: {
            type: "source",
            id: "doc:0",
            title: "Facts",
            url: "https://a.example",
            providerData: { cohere: documentSource },
          },
          start: 6,
          end: 11,
        },
        { source: { type: "source", id: "weather_1:0", providerData: { cohere: toolSource } }, start: 6, end: 11 },
      ],
    },
  ]);
});

test("a citation's place is counted in UTF-16 units, whatever Cohere counts in", () => {
  const said = "☀️🌞 It is sunny.";
  const characters = Array.from(said);
  const start = characters.length - 6;
  const citation = { text: "sunny", sources: [documentSource] };
  for (const place of [
    { start, end: start + 5 },
    { start: said.length - 6, end: said.length - 1 },
  ]) {
    const { content } = whole({ content: [{ type: "text", text: said }], citations: [{ ...citation, ...place }] });
    const [part] = content;
    if (part?.type !== "text") throw new Error("There is no text.");
    expect(said.slice(part.citations?.[0]?.start, part.citations?.[0]?.end)).toBe("sunny");
  }
});

test("a citation is given to the block that it names", () => {
  const named = (index: number): JsonObject => ({ start: 0, end: 1, sources: [documentSource], content_index: index });
  const { content } = whole({
    content: [
      { type: "thinking", thinking: "Hm." },
      { type: "text", text: "One." },
      { type: "text", text: "Two." },
    ],
    citations: [named(2), { ...named(0), type: "THINKING_CONTENT" }],
  });
  expect(content).toMatchObject([
    { type: "reasoning", text: "Hm.", providerData: { cohere: { citations: [{ content_index: 0 }] } } },
    { type: "text", text: "One." },
    { type: "text", text: "Two.", citations: [{ start: 0, end: 1 }] },
  ]);
  expect(content[1]).not.toHaveProperty("citations");
});

test("a citation of a part that never came is a source of its own, and the text goes on", () => {
  const { result } = streamed(
    text(0, "It is "),
    cite({ type: "THINKING_CONTENT", sources: [documentSource] }),
    text(0, "sunny."),
    cite({ start: 6, end: 11, text: "sunny", sources: [toolSource] }),
    end,
  );
  expect(result.content).toMatchObject([
    { type: "text", text: "It is sunny.", citations: [{ start: 6, end: 11 }] },
    { type: "source", id: "doc:0" },
  ]);
});

test("citations may come as a list", () => {
  const list = [{ start: 0, end: 2, sources: [toolSource] }] as const;
  const { result } = streamed(
    text(0, "It is."),
    { type: "citation-start", delta: { message: { citations: list } } },
    end,
  );
  expect(result.content).toMatchObject([{ citations: [{ start: 0, end: 2 }] }]);
});

test("a plan is an item to hand back, with what it cites, before its calls", () => {
  const plan = { type: "PLAN", start: 0, end: 1, sources: [documentSource] };
  const call = { id: "now_1", type: "function", function: { name: "time_now", arguments: "{ }" } };
  const owned = { cohere: { tool_plan: "I will look.", citations: [plan] } };
  const expected = [
    { type: "opaque", kind: "tool_plan", providerData: owned },
    { type: "tool-call", id: "now_1", name: "time.now", input: {}, raw: "{ }" },
  ];
  expect(whole({ tool_plan: "I will look.", citations: [plan], tool_calls: [call] }, "TOOL_CALL").content).toEqual(
    expected,
  );
  const { result } = streamed(
    { type: "tool-plan-delta", delta: { message: { tool_plan: "I will " } } },
    { type: "tool-plan-delta", delta: { message: { tool_plan: "look." } } },
    cite(plan),
    { type: "tool-call-start", index: 0, delta: { message: { tool_calls: call } } },
    { type: "tool-call-end", index: 0 },
    end,
  );
  expect(result.content).toEqual(expected);
  expect(result.finishReason).toBe("tool-calls"); // though Cohere said COMPLETE
});

test("a call without an id is given one, and broken arguments are kept as text", () => {
  const calls = [{ function: { name: "a" } }, { id: "", function: { name: "b", arguments: '{"x"' } }];
  expect(whole({ tool_calls: calls }, "TOOL_CALL").content).toEqual([
    { type: "tool-call", id: "call_0", name: "a", input: {} },
    { type: "tool-call", id: "call_1", name: "b", input: '{"x"', raw: '{"x"', invalid: true },
  ]);
});

test("a call that was cut is left out and said so; one that was whole before it stays", () => {
  const { content, warnings, finishReason } = whole(
    {
      tool_calls: [
        { id: "1", function: { name: "a", arguments: "{}" } },
        { id: "2", function: { name: "b", arguments: '{"x"' } },
      ],
    },
    "MAX_TOKENS",
  );
  expect(content).toMatchObject([{ type: "tool-call", id: "1" }]);
  expect(warnings).toMatchObject([{ code: "dropped", message: expect.stringContaining("`b`") }]);
  expect(finishReason).toBe("length");
});

test("what Cohere bills is kept beside the tokens, and an ending that it does not name is `other`", () => {
  const usage = {
    billed_units: { input_tokens: 2 },
    tokens: { input_tokens: 50, output_tokens: 7, reasoning_tokens: 3 },
    cached_tokens: 40,
  };
  expect(whole({ content: "Hi." }, "SOMETHING", { usage })).toMatchObject({
    content: [{ type: "text", text: "Hi." }],
    finishReason: "other",
    rawFinishReason: "SOMETHING",
    usage: { input: 50, output: 7, cachedInput: 40, reasoning: 3 },
    providerData: { cohere: { billed_units: { input_tokens: 2 } } },
  });
  expect(whole({ content: [] }).usage).toEqual({});
});

test("text that was filtered says so", () => {
  expect(whole({ content: [] }, "ERROR_TOXIC").finishReason).toBe("content-filter");
});

test("an answer that ended with an error rejects with what it had said and used", () => {
  const tokens = { tokens: { input_tokens: 5, output_tokens: 2 } };
  expect(() => whole({ content: "It is" }, "ERROR", { usage: tokens })).toThrow(
    expect.objectContaining({
      code: "server",
      partial: expect.objectContaining({
        content: [{ type: "text", text: "It is" }],
        usage: { input: 5, output: 2 },
        finishReason: "unfinished",
      }),
    }),
  );
});

test.each([["not JSON"], ["[]"], ["null"]])("what is no event is a failure to parse: %s", (data) => {
  expect(() => chatDecoder({}, decoding).push(data, "", [])).toThrow(expect.objectContaining({ code: "parse" }));
});

test.each([[null], [[]], [{}], [{ message: null }]])("what is no answer is a failure to parse: %j", (body) => {
  expect(() => decodeChat(body, {}, decoding)).toThrow(expect.objectContaining({ code: "parse" }));
});

test("an error with status 200 is an error", () => {
  expect(() => decodeChat({ message: "too many tokens: 9" }, {}, decoding)).toThrow(
    expect.objectContaining({ code: "context-length" }),
  );
});

test("pieces that say nothing, or not what they should, make no events", () => {
  const { events } = streamed(
    { type: "content-start", index: 0 },
    { type: "content-delta", delta: null },
    { type: "tool-plan-delta" },
    { type: "tool-call-delta", delta: { message: { tool_calls: { function: { arguments: "{}" } } } } },
    { type: "tool-call-end" },
    { type: "citation-start", delta: { message: { citations: null } } },
    end,
  );
  expect(events.map(({ type }) => type)).toEqual(["start", "usage", "finish"]);
});

test("counts may come without the total that they are part of, and an ending without anything", () => {
  const usage = { cached_tokens: 3, tokens: { reasoning_tokens: 2 } };
  expect(whole({ content: [] }, "COMPLETE", { usage }).usage).toEqual({ cachedInput: 3, reasoning: 2 });
  expect(streamed({ type: "message-end" }).result).toMatchObject({ finishReason: "other", usage: {} });
  const sources = [null, documentSource];
  const { content } = whole({ content: [{ type: "text", text: "a" }], citations: [{ sources }], tool_calls: [null] });
  expect(content).toMatchObject([
    { type: "text", citations: [{ source: { id: "doc:0" } }] },
    { type: "tool-call", name: "" },
  ]);
});
