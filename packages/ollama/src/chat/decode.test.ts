import type { ModelEvent } from "@plugboard/core";
import { Gathering, reasoningOf, textOf, toolCallsOf } from "@plugboard/core";
import { describe, expect, test } from "vitest";
import { decodeWhole, decoder } from "./decode.ts";

/** What is on every line. */
const head = { model: "llama3.2", created_at: "2026-07-07T20:22:19.184789Z" };

function read(...lines: readonly object[]): ModelEvent[] {
  const out: ModelEvent[] = [];
  const decode = decoder({});
  for (const line of lines) decode.push(JSON.stringify(line), "", out);
  decode.end(out);
  return out;
}

function say(message: object): object {
  return { ...head, message: { role: "assistant", content: "", ...message }, done: false };
}

const done = { ...head, message: { role: "assistant", content: "" }, done: true };

describe("a streamed answer", () => {
  test("is a start, the pieces of its parts, each part whole, and a finish", () => {
    const events = read(say({ content: "The" }), say({ content: " sky" }), {
      ...done,
      done_reason: "stop",
      total_duration: 4_883_583_458,
      prompt_eval_count: 26,
      eval_count: 282,
    });
    expect(events).toEqual([
      { type: "start", model: "llama3.2", created: Date.UTC(2026, 6, 7, 20, 22, 19, 184) },
      { type: "text-delta", index: 0, text: "The" },
      { type: "text-delta", index: 0, text: " sky" },
      { type: "part", index: 0, part: { type: "text", text: "The sky" } },
      {
        type: "finish",
        finishReason: "stop",
        rawFinishReason: "stop",
        usage: { input: 26, output: 282 },
        providerData: { ollama: { total_duration: 4_883_583_458 } },
      },
    ]);
  });

  test("holds thoughts apart from the answer, in the order they came", () => {
    const parts = read(
      say({ thinking: "Let" }),
      say({ thinking: " me" }),
      say({ content: "4" }),
      say({ thinking: "ok" }),
      done,
    )
      .filter((event) => event.type === "part")
      .map(({ index, part }) => [index, part]);
    expect(parts).toEqual([
      [0, { type: "reasoning", text: "Let me" }],
      [1, { type: "text", text: "4" }],
      [2, { type: "reasoning", text: "ok" }],
    ]);
  });

  test("carries thoughts, text and calls in one line in that order", () => {
    const line = { content: "b", thinking: "a", tool_calls: [{ function: { name: "f", arguments: {} } }] };
    const types = read(say(line), done)
      .filter((event) => event.type === "part")
      .map(({ part }) => part.type);
    expect(types).toEqual(["reasoning", "text", "tool-call"]);
  });

  test("says nothing of its end when it breaks off", () => {
    expect(read(say({ content: "The" })).at(-1)).toMatchObject({ type: "text-delta" });
    expect(read()).toEqual([]);
  });

  test("ends at the line that is done, whatever follows", () => {
    expect(read(done, say({ content: "more" }), done).filter(({ type }) => type !== "start")).toHaveLength(1);
  });

  test("may end with a line that has no message", () => {
    expect(read(say({ content: "hm" }), { ...head, done: true }).at(-1)).toMatchObject({ finishReason: "stop" });
  });

  test("is broken off by an error line; what came before it stands", () => {
    const out: ModelEvent[] = [];
    const decode = decoder({});
    decode.push(JSON.stringify(say({ content: "The" })), "", out);
    expect(() => decode.push(`{"error":"an error was encountered while running the model"}`, "", out)).toThrow(
      expect.objectContaining({ code: "server", message: expect.stringContaining("while running the model") }),
    );
    expect(out).toHaveLength(2);
  });

  test.each([
    ["prompt too long; exceeded max context length by 12 tokens", "context-length"],
    ["the input length exceeds the context length", "context-length"],
    ["server busy, please try again.  maximum pending requests exceeded", "overloaded"],
    ["you (somebody) have reached your weekly usage limit, upgrade for higher limits", "quota"],
    ["model 'nope' not found", "not-found"],
    ["unexpected EOF", "server"],
  ])("that says %j failed with %s", (error, code) => {
    expect(() => read({ error })).toThrow(expect.objectContaining({ code, provider: "ollama" }));
  });

  test.each(["The sky", "[]", "null", '{"model":'])("of the line %j is refused as no chat", (line) => {
    expect(() => decoder({}).push(line, "", [])).toThrow(expect.objectContaining({ code: "parse" }));
  });
});

describe("why an answer ended", () => {
  test.each([
    ["stop", "stop"],
    ["length", "length"],
    ["load", "other"],
    ["unload", "other"],
    ["something new", "other"],
  ])("%j is %j", (reason, finishReason) => {
    expect(read({ ...done, done_reason: reason }).at(-1)).toMatchObject({ finishReason, rawFinishReason: reason });
  });

  test("is `stop` where an older server gives no reason", () => {
    const finish = read(done).at(-1);
    expect(finish).toMatchObject({ finishReason: "stop" });
    expect(finish).not.toHaveProperty("rawFinishReason");
  });

  test("is `tool-calls` when a tool was called, and still `length` when it was cut", () => {
    const call = say({ tool_calls: [{ function: { name: "f", arguments: {} } }] });
    expect(read(call, { ...done, done_reason: "stop" }).at(-1)).toMatchObject({ finishReason: "tool-calls" });
    expect(read(call, { ...done, done_reason: "length" }).at(-1)).toMatchObject({ finishReason: "length" });
  });
});

describe("what it cost", () => {
  test("has no input where the prompt was cached and not counted", () => {
    expect(read({ ...done, eval_count: 5 }).at(-1)).toMatchObject({ usage: { output: 5 } });
    expect(read({ ...done, eval_count: 5 }).at(-1)).not.toHaveProperty("usage.input");
  });

  test.each([-1, 1.5, "12", null, 2 ** 60])("is unknown where the count is %j", (count) => {
    expect(read({ ...done, prompt_eval_count: count, eval_count: count }).at(-1)).toMatchObject({ usage: {} });
    expect(read({ ...done, prompt_eval_count: count, eval_count: count }).at(-1)).not.toHaveProperty("usage.output");
  });
});

describe("a tool call", () => {
  const call = (functionCall: object, more: object = {}): ModelEvent[] =>
    read(say({ tool_calls: [{ function: functionCall, ...more }] }), done);

  test("comes whole, with its arguments as an object", () => {
    expect(call({ index: 0, name: "weather", arguments: { city: "Tokyo" } }, { id: "call_x" }).slice(1, 4)).toEqual([
      { type: "tool-call-start", index: 0, id: "call_x", name: "weather" },
      { type: "tool-call-delta", index: 0, text: '{"city":"Tokyo"}' },
      { type: "part", index: 0, part: { type: "tool-call", id: "call_x", name: "weather", input: { city: "Tokyo" } } },
    ]);
  });

  test("gets an id where the server gives none: another for each call, and for each answer", () => {
    const two = {
      tool_calls: [{ function: { name: "f", arguments: {} } }, { function: { name: "f", arguments: {} } }],
    };
    const later = { ...say(two), created_at: "2026-07-07T20:22:20Z" };
    const ids = [...read(say(two), done), ...read(later, done)].flatMap((event) =>
      event.type === "tool-call-start" ? [event.id] : [],
    );
    expect(new Set(ids).size).toBe(4);
    expect(ids.every((id) => /^[a-zA-Z0-9_-]{1,64}$/.test(id))).toBe(true);
  });

  test.each([
    ["no arguments", undefined, {}],
    ["null", null, {}],
    ["no text", "", {}],
    ["JSON text", '{"a":1}', { a: 1 }],
  ])("with %s has an input all the same", (_, written, input) => {
    expect(call({ name: "f", arguments: written })).toContainEqual(
      expect.objectContaining({ part: expect.objectContaining({ input }) }),
    );
  });

  test("with text that is no JSON is invalid, and keeps the text", () => {
    expect(call({ name: "f", arguments: '{"a":' })).toContainEqual(
      expect.objectContaining({ part: expect.objectContaining({ input: '{"a":', raw: '{"a":', invalid: true }) }),
    );
  });

  test("without a name is no chat answer", () => {
    expect(() => call({ arguments: {} })).toThrow(expect.objectContaining({ code: "parse" }));
  });
});

test("an image of the answer is a file, its type told from its first bytes", () => {
  const events = read(say({ images: ["/9j/4AAQ", "iVBORw0KGgo="] }), done);
  expect(events.filter((event) => event.type === "part").map(({ part }) => part)).toMatchObject([
    { type: "file", mediaType: "image/jpeg", data: new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 0x10]) },
    { type: "file", mediaType: "image/png" },
  ]);
});

describe("an answer in one body", () => {
  test("is the same as the streamed one", () => {
    const message = {
      role: "assistant",
      content: "4",
      thinking: "2 + 2",
      tool_calls: [{ id: "1", function: { name: "f" } }],
    };
    const body = { ...head, message, done: true, done_reason: "stop", prompt_eval_count: 1, eval_count: 2 };
    const gathering = new Gathering();
    for (const event of read(body)) gathering.add(event);
    const result = decodeWhole(body, {});
    expect(result).toEqual(gathering.result);
    expect([textOf(result), reasoningOf(result), toolCallsOf(result).length]).toEqual(["4", "2 + 2", 1]);
  });

  test("begins with the headers and warnings of its call", () => {
    const warnings = [{ code: "dropped", message: "…" }];
    expect(decodeWhole(done, { warnings, headers: { "x-id": "1" } })).toMatchObject({
      warnings,
      headers: { "x-id": "1" },
    });
  });

  test("that is not done is truncated, with what was said", () => {
    expect(() => decodeWhole({ ...head, message: { role: "assistant", content: "The" }, done: false }, {})).toThrow(
      expect.objectContaining({
        code: "truncated",
        partial: expect.objectContaining({ content: [{ type: "text", text: "The" }] }),
      }),
    );
  });

  test("that is no object is no chat answer", () => {
    expect(() => decodeWhole(["x"], {})).toThrow(expect.objectContaining({ code: "parse" }));
  });
});
