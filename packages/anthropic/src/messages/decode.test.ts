import type { Json, ModelEvent } from "@plugboard/core";
import { ModelError } from "@plugboard/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { DecodeContext } from "./decode.ts";
import { decodeMessage, messageDecoder } from "./decode.ts";

const context: DecodeContext = { provider: "anthropic", model: "claude-sonnet-4-6", toolName: (name) => name };

function eventsOf(messages: readonly Json[], more: Partial<DecodeContext> = {}): ModelEvent[] {
  const decoder = messageDecoder({}, { ...context, ...more });
  const out: ModelEvent[] = [];
  for (const message of messages) decoder.push(JSON.stringify(message), "", out);
  decoder.end(out);
  return out;
}

const begin = {
  type: "message_start",
  message: { id: "msg_1", model: "claude-x", usage: { input_tokens: 7, output_tokens: 1 } },
};
const start = (index: number, block: Json): Json => ({ type: "content_block_start", index, content_block: block });
const delta = (index: number, delta: Json): Json => ({ type: "content_block_delta", index, delta });
const stop = (index: number): Json => ({ type: "content_block_stop", index });
const ending = (reason: string): Json => ({
  type: "message_delta",
  delta: { stop_reason: reason, stop_sequence: null },
  usage: { output_tokens: 5 },
});
const last = { type: "message_stop" };

describe("a stream", () => {
  test("begins once, tells its usage early, and ends with the later usage", () => {
    const events = eventsOf([
      begin,
      begin,
      { type: "ping" },
      start(0, { type: "text", text: "" }),
      delta(0, { type: "text_delta", text: "Hi" }),
      stop(0),
      ending("end_turn"),
      last,
    ]);
    expect(events.map(({ type }) => type)).toEqual([
      "start",
      "usage",
      "usage",
      "text-delta",
      "part",
      "usage",
      "finish",
    ]);
    expect(events[1]).toMatchObject({ usage: { input: 7, output: 1 } });
    expect(events.at(-1)).toMatchObject({
      finishReason: "stop",
      rawFinishReason: "end_turn",
      usage: { input: 7, output: 5 },
    });
  });

  test("says nothing for a ping, an empty delta or the start of a block: they are no content", () => {
    const events = eventsOf([
      begin,
      { type: "ping" },
      start(0, { type: "text", text: "" }),
      delta(0, { type: "text_delta", text: "" }),
    ]);
    expect(events.map(({ type }) => type)).toEqual(["start", "usage"]);
  });

  test("that closes after it told how it ended is whole, and before that is not", () => {
    const text = [begin, start(0, { type: "text", text: "" }), delta(0, { type: "text_delta", text: "Hi" }), stop(0)];
    expect(eventsOf([...text, ending("end_turn")]).at(-1)?.type).toBe("finish");
    expect(eventsOf(text).at(-1)?.type).toBe("part");
  });

  test("keeps the arguments of a call as they were written", () => {
    const call = start(0, { type: "tool_use", id: "t", name: "f", input: {} });
    const pieces = ["", '{"a":', " 1.0}"].map((piece) => delta(0, { type: "input_json_delta", partial_json: piece }));
    const events = eventsOf([begin, call, ...pieces, stop(0), ending("tool_use"), last]);
    expect(events.filter(({ type }) => type.startsWith("tool-call"))).toHaveLength(3);
    expect(events.find(({ type }) => type === "part")).toEqual({
      type: "part",
      index: 0,
      part: { type: "tool-call", id: "t", name: "f", input: { a: 1 }, raw: '{"a": 1.0}' },
    });
  });

  test("marks arguments that are not JSON, so that they are never run", () => {
    const call = start(0, { type: "tool_use", id: "t", name: "f", input: {} });
    const events = eventsOf([
      begin,
      call,
      delta(0, { type: "input_json_delta", partial_json: "{oops" }),
      stop(0),
      ending("tool_use"),
      last,
    ]);
    expect(events.find(({ type }) => type === "part")).toMatchObject({
      part: { input: "{oops", raw: "{oops", invalid: true },
    });
  });

  test("leaves out the call that a limit cut, and says so", () => {
    const call = start(0, { type: "tool_use", id: "t", name: "f", input: {} });
    const events = eventsOf([
      begin,
      call,
      delta(0, { type: "input_json_delta", partial_json: '{"a' }),
      stop(0),
      ending("max_tokens"),
      last,
    ]);
    expect(events.some(({ type }) => type === "part")).toBe(false);
    expect(events.at(-1)).toMatchObject({
      finishReason: "length",
      warnings: [{ code: "dropped", message: expect.stringContaining("`f`") }],
    });
  });

  test("takes what Anthropic ran as executed, with all that it wants back", () => {
    const search = { type: "mcp_tool_use", id: "m", name: "find", server_name: "docs", input: {} };
    const found = { type: "mcp_tool_result", tool_use_id: "m", is_error: true, content: "gone" };
    const events = eventsOf([
      begin,
      start(0, search),
      delta(0, { type: "input_json_delta", partial_json: '{"q":1}' }),
      stop(0),
      start(1, found),
      stop(1),
      ending("end_turn"),
      last,
    ]);
    expect(events.flatMap((event) => (event.type === "part" ? event.part : []))).toEqual([
      {
        type: "tool-call",
        id: "m",
        name: "find",
        input: { q: 1 },
        executed: true,
        providerData: { anthropic: { type: "mcp_tool_use", server_name: "docs" } },
      },
      {
        type: "tool-result",
        id: "m",
        name: "find",
        output: "gone",
        isError: true,
        executed: true,
        providerData: { anthropic: { type: "mcp_tool_result", is_error: true } },
      },
    ]);
    expect(events.some(({ type }) => type === "tool-call-start")).toBe(false);
  });

  test("gives blocks that it does not know as opaque parts, whole", () => {
    const compaction = [
      start(0, { type: "compaction", content: null }),
      delta(0, { type: "compaction_delta", content: "A summary" }),
      stop(0),
    ];
    const events = eventsOf([begin, ...compaction, ending("end_turn"), last]);
    expect(events.find(({ type }) => type === "part")).toMatchObject({
      part: { type: "opaque", kind: "compaction", providerData: { anthropic: { content: "A summary" } } },
    });
  });

  test("gives citations with their source, their quote and all that Anthropic wants back", () => {
    const citation = {
      type: "char_location",
      cited_text: "Ruby",
      document_index: 0,
      document_title: "facts",
      start_char_index: 0,
      end_char_index: 4,
    };
    const block = start(0, { type: "text", text: "", citations: [] });
    const events = eventsOf([
      begin,
      block,
      delta(0, { type: "citations_delta", citation }),
      delta(0, { type: "text_delta", text: "Ruby." }),
      stop(0),
      ending("end_turn"),
      last,
    ]);
    expect(events.find(({ type }) => type === "part")).toMatchObject({
      part: {
        text: "Ruby.",
        citations: [
          { quote: "Ruby", source: { type: "source", title: "facts", providerData: { anthropic: citation } } },
        ],
      },
    });
  });

  test("makes text of the tool that stands for the answer, delta by delta", () => {
    const call = start(0, { type: "tool_use", id: "t", name: "output", input: {} });
    const pieces = ["", '{"a":', "1}"].map((piece) => delta(0, { type: "input_json_delta", partial_json: piece }));
    const events = eventsOf([begin, call, ...pieces, stop(0), ending("tool_use"), last], {
      outputTool: { name: "output", wrapped: false },
    });
    expect(events.filter(({ type }) => type !== "usage").map(({ type }) => type)).toEqual([
      "start",
      "text-delta",
      "text-delta",
      "part",
      "finish",
    ]);
    expect(events.at(-1)).toMatchObject({ finishReason: "stop", rawFinishReason: "tool_use" });
  });

  test("keeps apart blocks whose deltas come in turns, also where a block begins with text", () => {
    const events = eventsOf([
      begin,
      start(0, { type: "thinking", thinking: "H" }),
      start(1, { type: "text", text: "O" }),
      delta(0, { type: "thinking_delta", thinking: "m" }),
      delta(1, { type: "text_delta", text: "K" }),
      stop(0),
      stop(1),
      ending("end_turn"),
      last,
    ]);
    expect(events.filter(({ type }) => type !== "usage" && type !== "start").slice(0, -1)).toEqual([
      { type: "reasoning-delta", index: 0, text: "H" },
      { type: "text-delta", index: 1, text: "O" },
      { type: "reasoning-delta", index: 0, text: "m" },
      { type: "text-delta", index: 1, text: "K" },
      { type: "part", index: 0, part: { type: "reasoning", text: "Hm" } },
      { type: "part", index: 1, part: { type: "text", text: "OK" } },
    ]);
  });

  test("ends blocks that nothing ended, and takes events of no block, or without their members, for nothing", () => {
    const events = eventsOf([
      delta(7, { type: "text_delta", text: "lost" }),
      stop(7),
      { type: "message_start" },
      { type: "content_block_start", content_block: { type: "text" } },
      { type: "content_block_delta" },
      { type: "content_block_delta", delta: { type: "text_delta" } },
      { type: "content_block_delta", delta: { type: "thinking_delta" } },
      { type: "content_block_delta", delta: { type: "citations_delta" } },
      { type: "content_block_delta", delta: { type: "text_delta", text: "kept" } },
      { type: "message_delta" },
      last,
      last,
    ]);
    expect(events.filter(({ type }) => type !== "usage")).toMatchObject([
      { type: "start", model: "claude-sonnet-4-6" },
      { type: "text-delta", text: "kept" },
      { type: "part", part: { type: "text" } },
      { type: "finish", finishReason: "other", usage: {} },
    ]);
  });

  test("takes the deltas of a younger block for what they are named", () => {
    const events = eventsOf([
      begin,
      start(0, { type: "younger", note: "a", count: 1 }),
      delta(0, { type: "note_delta", note: "b", count: 2, list: [1] }),
      delta(0, { type: "text_delta", text: "no text block" }),
      stop(0),
      ending("end_turn"),
      last,
    ]);
    expect(events.find(({ type }) => type === "part")).toMatchObject({
      part: {
        type: "opaque",
        kind: "younger",
        providerData: { anthropic: { note: "ab", count: 2, list: [1] } },
      },
    });
  });

  test("has a call without an id and name, as some proxies send it, and one that is cut names no tool", () => {
    const whole = eventsOf([begin, start(0, { type: "tool_use" }), stop(0), ending("tool_use"), last]);
    expect(whole.find(({ type }) => type === "part")).toMatchObject({
      part: { type: "tool-call", id: "call_0", name: "", input: {} },
    });
    const cut = eventsOf([begin, start(0, { type: "tool_use" }), ending("max_tokens"), last]);
    expect(cut.at(-1)).toMatchObject({ warnings: [{ code: "dropped", message: expect.stringContaining("``") }] });
  });

  test("makes text of the tool that stands for the answer when it came at once, or is wrapped", () => {
    const answer = (input: Json, pieces: readonly string[], wrapped: boolean): ModelEvent[] =>
      eventsOf(
        [
          begin,
          start(0, { type: "tool_use", id: "t", name: "output", ...(input !== null && { input }) }),
          ...pieces.map((piece) => delta(0, { type: "input_json_delta", partial_json: piece })),
          stop(0),
          ending("tool_use"),
          last,
        ],
        { outputTool: { name: "output", wrapped } },
      ).filter(({ type }) => type === "text-delta" || type === "part");
    const told = (text: string): object[] => [
      { type: "text-delta", index: 0, text },
      { type: "part", index: 0, part: { type: "text", text } },
    ];
    expect(answer({ a: 1 }, [], false)).toEqual(told('{"a":1}'));
    expect(answer(null, [], false)).toEqual(told("{}"));
    expect(answer({ value: [1] }, [], true)).toEqual(told("[1]"));
    expect(answer({}, ['{"value":', "[2]}"], true)).toEqual(told("[2]"));
  });

  test("puts a signature together of its pieces", () => {
    const events = eventsOf([
      begin,
      start(0, { type: "thinking", thinking: "", signature: "" }),
      delta(0, { type: "signature_delta", signature: "ab" }),
      delta(0, { type: "signature_delta" }),
      delta(0, { type: "signature_delta", signature: "cd" }),
      stop(0),
      start(1, { type: "thinking" }),
      delta(1, { type: "signature_delta", signature: "ef" }),
      ending("end_turn"),
      last,
    ]);
    const signatures = events.flatMap((event) =>
      event.type === "part" && event.part.type === "reasoning" ? event.part.providerData : [],
    );
    expect(signatures).toEqual([{ anthropic: { signature: "abcd" } }, { anthropic: { signature: "ef" } }]);
  });

  test("that is not JSON is a parse error", () => {
    const decoder = messageDecoder({}, context);
    expect(() => decoder.push("{", "message_start", [])).toThrow(
      expect.objectContaining({ code: "parse", provider: "anthropic" }),
    );
    expect(() => decoder.push("[]", "message_start", [])).toThrow(ModelError);
  });
});

describe("a body", () => {
  test("without content is a parse error, and an error is thrown", () => {
    expect(() => decodeMessage({ type: "message" }, {}, context)).toThrow(expect.objectContaining({ code: "parse" }));
    const error = { type: "error", error: { type: "overloaded_error", message: "Overloaded" } };
    expect(() => decodeMessage(error, {}, context)).toThrow(
      expect.objectContaining({ code: "overloaded", message: "Overloaded" }),
    );
  });

  test("tells the stop sequence and what else there is under the names of the wire", () => {
    const body = {
      content: [],
      stop_reason: "stop_sequence",
      stop_sequence: "END",
      container: { id: "c" },
      usage: { service_tier: "batch" },
    };
    expect(decodeMessage(body, {}, context)).toMatchObject({
      finishReason: "stop",
      providerData: { anthropic: { stop_sequence: "END", container: { id: "c" }, service_tier: "batch" } },
    });
  });

  test("with an ending that is younger than this adapter ends for another reason", () => {
    expect(decodeMessage({ content: [], stop_reason: "bored" }, {}, context)).toMatchObject({
      finishReason: "other",
      rawFinishReason: "bored",
    });
  });

  test("that says no more than it must is understood, whatever its blocks lack", () => {
    const body = {
      content: [
        "no block",
        { type: "text" },
        { type: "thinking" },
        { type: "tool_use" },
        { type: "server_tool_use" },
        { type: "web_search_tool_result", tool_use_id: "" },
        { type: "text", text: "A", citations: ["no citation", { type: "char_location" }] },
      ],
    };
    const { content, finishReason, usage } = decodeMessage(body, {}, context);
    expect(content).toMatchObject([
      { type: "opaque", kind: "" },
      { type: "text", text: "" },
      { type: "reasoning", text: "" },
      { type: "tool-call", id: "call_3", name: "", input: {} },
      { type: "tool-call", id: "call_4", name: "", input: {}, executed: true },
      { type: "tool-result", output: [{ type: "json", value: null }] },
      { type: "text", text: "A", citations: [{ source: { type: "source" } }] },
    ]);
    expect({ finishReason, usage }).toEqual({ finishReason: "other", usage: {} });
  });

  test("leaves out the call that a limit cut, and makes text of the tool that stands for the answer", () => {
    const cut = { content: [{ type: "tool_use" }], stop_reason: "max_tokens" };
    expect(decodeMessage(cut, { warnings: [] }, context)).toMatchObject({
      content: [],
      warnings: [{ code: "dropped" }],
    });
    const answer = { content: [{ type: "tool_use", name: "output" }], stop_reason: "tool_use" };
    const outputTool = { name: "output", wrapped: false };
    expect(decodeMessage(answer, {}, { ...context, outputTool })).toMatchObject({
      content: [{ type: "text", text: "null" }],
      finishReason: "stop",
    });
  });
});

describe("a stream that contradicts itself is a parse error, never a wrong answer:", () => {
  const call = { type: "tool_use", id: "toolu_1", name: "weather", input: {} };

  test.each<[string, readonly Json[]]>([
    ["a call that begins twice", [start(0, call), start(0, call)]],
    [
      "a text that begins again",
      [
        start(0, { type: "text", text: "" }),
        delta(0, { type: "text_delta", text: "Hi" }),
        start(0, { type: "text", text: "" }),
      ],
    ],
    ["text in a call", [start(0, call), delta(0, { type: "text_delta", text: "Hi" })]],
    [
      "arguments in a text",
      [start(0, { type: "text", text: "" }), delta(0, { type: "input_json_delta", partial_json: "{" })],
    ],
    [
      "thoughts in a text",
      [start(0, { type: "text", text: "" }), delta(0, { type: "thinking_delta", thinking: "Hm" })],
    ],
  ])("%s", (_, messages) => {
    expect(() => eventsOf([begin, ...messages])).toThrow(expect.objectContaining({ code: "parse" }));
  });

  test("while a beginning that is said twice before anything else is one", () => {
    const text = { type: "text", text: "" };
    const events = eventsOf([
      begin,
      start(0, text),
      begin,
      start(0, text),
      delta(0, { type: "text_delta", text: "Hi" }),
    ]);
    expect(events.filter(({ type }) => type === "text-delta")).toEqual([{ type: "text-delta", index: 0, text: "Hi" }]);
  });

  test("while calls that nothing ended are all given out at the end", () => {
    const events = eventsOf([begin, start(0, call), start(1, { ...call, id: "toolu_2" }), ending("tool_use"), last]);
    const parts = events.filter(({ type }) => type === "part");
    expect(parts).toMatchObject([{ part: { id: "toolu_1" } }, { part: { id: "toolu_2" } }]);
  });
});

describe("events that differ in their text alone", () => {
  const text = fc.string({ unit: "grapheme" });
  const said = fc.oneof(
    fc.tuple(fc.nat(2), text).map(([index, text]) => delta(index, { type: "text_delta", text })),
    fc.tuple(fc.nat(2), text).map(([index, thinking]) => delta(index, { type: "thinking_delta", thinking })),
    text.map((text) => delta(2, { type: "input_json_delta", partial_json: text })),
    text.map((text) => delta(1, { type: "signature_delta", signature: text })),
    fc.nat(2).map(stop),
    fc.constant({ type: "ping" }),
  );
  const blocks: Json[] = [
    { type: "text", text: "" },
    { type: "thinking", thinking: "" },
    { type: "tool_use", id: "t", name: "f", input: {} },
  ];

  test("are read as if each were parsed", () => {
    const outcome = (messages: readonly Json[]): unknown => {
      try {
        return eventsOf([begin, ...blocks.map((block, index) => start(index, block)), ...messages, ending("x"), last]);
      } catch (error) {
        return (error as Error).message;
      }
    };
    fc.assert(
      fc.property(fc.array(said, { maxLength: 12 }), (messages) => {
        // A member that differs each time, and that nobody knows, keeps every event from being a twin.
        const varied = messages.map((message, odd) => ({ ...(message as object), odd }));
        expect(outcome(messages)).toEqual(outcome(varied));
      }),
      { numRuns: 300 },
    );
  });
});
