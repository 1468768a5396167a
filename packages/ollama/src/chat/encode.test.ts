import type { JsonObject, Message, ModelRequest } from "@plugboard/core";
import { validator } from "@plugboard/recordings";
import { describe, expect, test } from "vitest";
import { encode } from "./encode.ts";

const user = (text: string): Message => ({ role: "user", content: text });
const body = (request: Partial<ModelRequest>): JsonObject => encode("m", { messages: [user("hi")], ...request }).body;
const warnings = (request: Partial<ModelRequest>): (string | undefined)[] =>
  encode("m", { messages: [user("hi")], ...request }).warnings.map(({ code, path }) => `${code} ${path}`);

const pixel = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]); // how every PNG begins
const weather = {
  name: "weather",
  description: "of a city",
  input: { type: "object", properties: { city: { type: "string" } } },
};

test("a plain question says that it wants no stream, since Ollama streams unless told not to", () => {
  expect(body({})).toEqual({ model: "m", messages: [{ role: "user", content: "hi" }], stream: false });
  expect(body({ stream: true })).toMatchObject({ stream: true });
});

test("sampling goes into the options, under Ollama's names", () => {
  const request = {
    maxOutputTokens: 7,
    temperature: 0,
    topP: 0.5,
    topK: 3,
    seed: 42,
    stop: ["\n"],
    presencePenalty: 1,
    frequencyPenalty: -1,
  };
  expect(body(request)["options"]).toEqual({
    num_predict: 7,
    temperature: 0,
    top_p: 0.5,
    top_k: 3,
    seed: 42,
    stop: ["\n"],
    presence_penalty: 1,
    frequency_penalty: -1,
  });
});

test("the caller's own members come last, beside our options", () => {
  const ollama = { keep_alive: "10m", think: true, options: { num_ctx: 8192, temperature: 1 } };
  expect(
    body({ temperature: 0, seed: 1, reasoning: "low", providerOptions: { ollama, openai: { x: 1 } } }),
  ).toMatchObject({
    keep_alive: "10m",
    think: true,
    options: { seed: 1, num_ctx: 8192, temperature: 1 },
  });
});

describe("thinking", () => {
  test.each([
    ["none", false, []],
    ["minimal", "low", ["adapted reasoning"]],
    ["low", "low", []],
    ["high", "high", []],
    ["max", "max", []],
    [{ budgetTokens: 0 }, false, []],
    [{ budgetTokens: 1024 }, "low", ["adapted reasoning"]],
    [{ budgetTokens: 100_000 }, "max", ["adapted reasoning"]],
  ] as const)("%j is think: %j", (reasoning, think, told) => {
    expect(body({ reasoning })["think"]).toBe(think);
    expect(warnings({ reasoning })).toEqual(told);
  });

  test("is the model's own affair where nothing is asked: models that cannot think refuse the word", () => {
    expect(body({})).not.toHaveProperty("think");
  });
});

test("what is said of the answer, and data of others on a tool, are dropped with a warning", () => {
  expect(warnings({ output: { description: "What it is." } })).toEqual(["dropped output.description"]);
  expect(warnings({ tools: [{ ...weather, providerData: { anthropic: {} } }] })).toEqual([
    "dropped tools[0].providerData",
  ]);
});

test("an answer in JSON is asked for by schema, or as any JSON", () => {
  const schema = { type: "object", properties: { age: { type: "integer" } } };
  expect(body({ output: { schema, name: "person" } })["format"]).toEqual(schema);
  expect(body({ output: {} })["format"]).toBe("json");
});

describe("tools", () => {
  test("are functions with parameters", () => {
    expect(body({ tools: [weather] })["tools"]).toEqual([
      { type: "function", function: { name: "weather", description: "of a city", parameters: weather.input } },
    ]);
  });

  test("always have a schema of an object with properties", () => {
    expect(body({ tools: [{ name: "now", input: {} }] })["tools"]).toEqual([
      { type: "function", function: { name: "now", parameters: { type: "object", properties: {} } } },
    ]);
  });

  test("are not offered when none may be called", () => {
    expect(body({ tools: [weather], toolChoice: "none" })).not.toHaveProperty("tools");
  });

  test("cannot be forced, which is said; of a named one the others are kept back", () => {
    const tools = [weather, { name: "now", input: {} }];
    expect(body({ tools, toolChoice: "required" })["tools"]).toHaveLength(2);
    expect(warnings({ tools, toolChoice: "required" })).toEqual(["dropped toolChoice"]);
    expect(body({ tools, toolChoice: { name: "now" } })["tools"]).toMatchObject([{ function: { name: "now" } }]);
    expect(warnings({ tools, toolChoice: { name: "now" } })).toEqual(["adapted toolChoice"]);
  });

  test("of another provider, and strictness, are dropped with a warning", () => {
    const tools = [{ type: "provider", id: "openai.web_search" } as const, { ...weather, strict: true }];
    expect(body({ tools })["tools"]).toHaveLength(1);
    expect(warnings({ tools })).toEqual(["dropped tools[0]", "dropped tools[1].strict"]);
  });
});

describe("messages", () => {
  const messages = (...list: Message[]): unknown => body({ messages: list })["messages"];

  test("hold text and images apart", () => {
    const content = [
      { type: "text", text: "What is" },
      { type: "file", mediaType: "image/png", data: pixel },
      { type: "text", text: "this?" },
    ] as const;
    expect(messages({ role: "user", content })).toEqual([
      { role: "user", content: "What is\n\nthis?", images: ["iVBORw0KGgo="] },
    ]);
  });

  test("keep an answer with its thoughts and calls, and each result under the name of its tool", () => {
    const call = { type: "tool-call", id: "c1", name: "weather", input: { city: "Paris" } } as const;
    const other = { type: "tool-call", id: "c2", name: "time", input: {} } as const;
    const thought = { type: "reasoning", text: "ask" } as const;
    const list: Message[] = [
      user("weather?"),
      { role: "assistant", content: [thought, { type: "text", text: "Let me see." }, call, other] },
      {
        role: "tool",
        content: [
          { type: "tool-result", id: "c1", name: "weather", output: "12 °C" },
          { type: "tool-result", id: "c2", name: "time", output: [{ type: "json", value: { hour: 9 } }] },
        ],
      },
    ];
    expect(messages(...list)).toEqual([
      { role: "user", content: "weather?" },
      {
        role: "assistant",
        content: "Let me see.",
        thinking: "ask",
        tool_calls: [
          { id: "c1", function: { index: 0, name: "weather", arguments: { city: "Paris" } } },
          { id: "c2", function: { index: 1, name: "time", arguments: {} } },
        ],
      },
      { role: "tool", content: "12 °C", tool_name: "weather", tool_call_id: "c1" },
      { role: "tool", content: '{"hour":9}', tool_name: "time", tool_call_id: "c2" },
    ]);
  });

  test("are mended: each call has its result right after it, and no result is without its call", () => {
    const call = (id: string) => ({ type: "tool-call", id, name: "f", input: {} }) as const;
    const result = (id: string, output: string) => ({ type: "tool-result", id, name: "f", output }) as const;
    const list: Message[] = [
      { role: "tool", content: [result("0", "early"), { type: "opaque", kind: "note", providerData: { openai: {} } }] },
      { role: "assistant", content: [call("1"), call("2")] },
      user("Wait."),
      { role: "tool", content: [result("2", "two")] },
      { role: "assistant", content: "" },
      { role: "user", content: [] },
      { role: "assistant", content: [{ type: "source", url: "https://a.example" }] },
    ];
    expect(messages(...list)).toEqual([
      { role: "user", content: "Result of the tool f: early" },
      {
        role: "assistant",
        content: "",
        tool_calls: [
          { id: "1", function: { index: 0, name: "f", arguments: {} } },
          { id: "2", function: { index: 1, name: "f", arguments: {} } },
        ],
      },
      { role: "tool", content: "Error: the tool gave no result.", tool_name: "f", tool_call_id: "1" },
      { role: "tool", content: "two", tool_name: "f", tool_call_id: "2" },
      { role: "user", content: "Wait." },
    ]);
    expect(warnings({ messages: list })).toEqual([
      "adapted messages[0].content[0]",
      "dropped messages[0].content[1]",
      "adapted messages[1]",
      "adapted messages[3].content[0]",
      "adapted messages[4]",
      "adapted messages[5]",
      "dropped messages[6].content[0]",
      "adapted messages[6]",
    ]);
    expect(() => messages({ role: "user", content: "" })).toThrow(expect.objectContaining({ code: "invalid-request" }));
  });

  test("keep images of results and of answers, and drop what no message of Ollama's holds", () => {
    const file = { type: "file", mediaType: "image/png", data: pixel } as const;
    const pdf = { type: "file", mediaType: "application/pdf", data: pixel } as const;
    const source = { type: "source", url: "https://a.example" } as const;
    const list: Message[] = [
      {
        role: "assistant",
        content: [
          { type: "text", text: "So.", citations: [{ source }] },
          file,
          pdf,
          { type: "tool-result", id: "9", name: "f", output: "x", executed: true },
          { type: "tool-call", id: "1", name: "f", input: {} },
        ],
      },
      { role: "tool", content: [{ type: "tool-result", id: "1", name: "f", output: [file] }] },
      { role: "tool", content: [{ type: "tool-result", id: "2", name: "f", output: [file] }] },
    ];
    expect(messages(...list)).toMatchObject([
      { content: "So.", images: ["iVBORw0KGgo="], tool_calls: [{}] },
      { role: "tool", images: ["iVBORw0KGgo="] },
      { role: "user", images: ["iVBORw0KGgo="] },
    ]);
    expect(warnings({ messages: list })).toEqual([
      "dropped messages[0].content[0].citations",
      "dropped messages[0].content[2]",
      "dropped messages[0].content[3]",
      "adapted messages[2].content[0]",
    ]);
  });

  test("say what had to be adapted or dropped", () => {
    const list: Message[] = [
      { role: "system", content: "x", providerData: { anthropic: {} } },
      {
        role: "assistant",
        content: [
          { type: "reasoning", text: "hm", providerData: { anthropic: { signature: "s" } } },
          { type: "tool-call", id: "1", name: "f", input: "{", invalid: true },
          { type: "tool-call", id: "2", name: "search", input: {}, executed: true },
          { type: "source", url: "https://example.com" },
          { type: "opaque", kind: "redacted_thinking", providerData: { anthropic: {} } },
        ],
      },
      { role: "tool", content: [{ type: "tool-result", id: "1", name: "f", output: "no", isError: true }] },
    ];
    expect(warnings({ messages: list })).toEqual([
      "dropped messages[0].providerData",
      "dropped messages[1].content[0].providerData",
      "adapted messages[1].content[1].input",
      "dropped messages[1].content[2]",
      "dropped messages[1].content[3]",
      "dropped messages[1].content[4]",
      "adapted messages[2].content[0].isError",
    ]);
    expect(messages(...list)).toMatchObject([
      {},
      { tool_calls: [{ function: { name: "f", arguments: { input: "{" } } }] },
      { content: "Error: no" },
    ]);
  });
});

describe("what the protocol cannot express is refused", () => {
  const file = (mediaType: string, data: Uint8Array | URL): Partial<ModelRequest> => ({
    messages: [{ role: "user", content: [{ type: "file", mediaType, data }] }],
  });
  test.each([
    ["an image by URL", file("image/png", new URL("https://example.com/a.png")), "messages[0].content[0]"],
    ["a file that is no image", file("application/pdf", pixel), "application/pdf"],
    ["a suffix", { suffix: "}" }, "suffix"],
  ])("%s", (_, request, named) => {
    expect(() => body(request)).toThrow(
      expect.objectContaining({ code: "unsupported", message: expect.stringContaining(named) }),
    );
  });
});

const schemas = await validator();
test.runIf(schemas)("everything at once is a valid request", () => {
  const everything = body({
    messages: [
      { role: "system", content: "s" },
      {
        role: "user",
        content: [
          { type: "text", text: "t" },
          { type: "file", mediaType: "image/png", data: pixel },
        ],
      },
      {
        role: "assistant",
        content: [
          { type: "reasoning", text: "r" },
          { type: "tool-call", id: "1", name: "weather", input: {} },
        ],
      },
      { role: "tool", content: [{ type: "tool-result", id: "1", name: "weather", output: "rain" }] },
    ],
    tools: [weather],
    output: { schema: { type: "object" } },
    reasoning: { budgetTokens: 9_000 },
    maxOutputTokens: 5,
    temperature: 1,
    stop: ["x"],
    seed: 3,
    stream: true,
    providerOptions: { ollama: { keep_alive: "1m", options: { num_ctx: 4096 } } },
  });
  expect(schemas!.requestErrors("ollama", everything)).toEqual([]);
  expect(schemas!.requestErrors("ollama", { ...everything, options: 1 })).not.toEqual([]);
});
