import type { JsonObject, Message, ModelRequest, ToolResultPart, Warning } from "@plugboard/core";
import { expect, test } from "vitest";
import { encodeChat } from "./encode.ts";

const hello: Message = { role: "user", content: "Hello" };

function encoded(
  request: Partial<ModelRequest>,
  model = "command-a-03-2025",
): { body: JsonObject; warnings: readonly Warning[] } {
  return encodeChat({ messages: [hello], ...request }, { model });
}

/** Where something was adapted or dropped. */
function told({ warnings }: { warnings: readonly Warning[] }): string[] {
  return warnings.map(({ code, path }) => `${code} ${path}`);
}

const call = {
  type: "tool-call",
  id: "weather_1",
  name: "weather",
  input: { city: "Bern" },
  raw: '{ "city": "Bern" }',
} as const;
const wireCall = { id: "weather_1", type: "function", function: { name: "weather", arguments: '{ "city": "Bern" }' } };
const answer = (output: ToolResultPart["output"], more: Partial<ToolResultPart> = {}): Message => ({
  role: "tool",
  content: [{ type: "tool-result", id: "weather_1", name: "weather", output, ...more }],
});

test("a plain request says no more than it must", () => {
  expect(encoded({})).toEqual({
    body: { model: "command-a-03-2025", messages: [{ role: "user", content: "Hello" }], stream: false },
    warnings: [],
    names: expect.anything(),
  });
  expect(encoded({ stream: true }).body).toMatchObject({ stream: true });
});

test("settings have Cohere's names, and what is out of its range is the nearest that is in it", () => {
  const fine = encoded({
    maxOutputTokens: 9,
    temperature: 0.5,
    topP: 0.5,
    topK: 40,
    seed: 7,
    presencePenalty: 0.5,
    frequencyPenalty: 1,
    stop: ["a"],
  });
  expect(fine.warnings).toEqual([]);
  expect(fine.body).toMatchObject({
    max_tokens: 9,
    temperature: 0.5,
    p: 0.5,
    k: 40,
    seed: 7,
    presence_penalty: 0.5,
    frequency_penalty: 1,
    stop_sequences: ["a"],
  });
  const far = encoded({
    temperature: 1.5,
    topP: 1,
    topK: 900,
    seed: -7,
    presencePenalty: -1,
    frequencyPenalty: 2,
    stop: "abcdef".split(""),
  });
  expect(far.body).toMatchObject({
    temperature: 1,
    p: 0.99,
    k: 500,
    seed: 0,
    presence_penalty: 0,
    frequency_penalty: 1,
    stop_sequences: "abcde".split(""),
  });
  expect(told(far)).toEqual([
    "adapted temperature",
    "adapted topP",
    "adapted topK",
    "adapted presencePenalty",
    "adapted frequencyPenalty",
    "adapted seed",
    "dropped stop",
  ]);
  expect(encoded({ topP: 0 }).body).toMatchObject({ p: 0.01 });
  expect(encoded({ stop: [] }).body).not.toHaveProperty("stop_sequences");
});

test.each<[ModelRequest["reasoning"], JsonObject]>([
  ["none", { type: "disabled" }],
  ["minimal", { type: "enabled", token_budget: 1024 }],
  ["low", { type: "enabled", token_budget: 2048 }],
  ["medium", { type: "enabled", token_budget: 8192 }],
  ["high", { type: "enabled", token_budget: 16_384 }],
  ["max", { type: "enabled" }],
  [{ budgetTokens: 0 }, { type: "disabled" }],
  [{ budgetTokens: 500 }, { type: "enabled", token_budget: 500 }],
])("a model that thinks is told how much: %j", (reasoning, thinking) => {
  const asked = encoded({ reasoning: reasoning! }, "command-a-reasoning-08-2025");
  expect(asked.body["thinking"]).toEqual(thinking);
  expect(asked.warnings).toEqual([]);
});

test("a model that does not think is not told to", () => {
  expect(encoded({ reasoning: "high" }).body).not.toHaveProperty("thinking");
  expect(told(encoded({ reasoning: "high" }))).toEqual(["dropped reasoning"]);
  expect(encoded({ reasoning: "none" })).toMatchObject({ warnings: [] });
  // Of a model that is not Cohere's own name for one, the catalogue's name tells.
  const asked = { messages: [hello], reasoning: "none" } as const;
  const { body } = encodeChat(asked, { model: "mine", catalogId: "command-r7b-12-2024" });
  expect(body).not.toHaveProperty("thinking");
});

test("a turn with calls says no text: its plan is sent back, and text becomes one", () => {
  const plan = { type: "opaque", kind: "tool_plan", providerData: { cohere: { tool_plan: "I will look." } } } as const;
  const own = encoded({ messages: [hello, { role: "assistant", content: [plan, call] }, answer("Sunny.")] });
  expect(own.warnings).toEqual([]);
  expect(own.body["messages"]).toEqual([
    { role: "user", content: "Hello" },
    { role: "assistant", tool_plan: "I will look.", tool_calls: [wireCall] },
    { role: "tool", tool_call_id: "weather_1", content: "Sunny." },
  ]);
  const foreign = encoded({
    messages: [hello, { role: "assistant", content: [{ type: "text", text: "Let me see." }, call] }, answer("Sunny.")],
  });
  expect(foreign.body["messages"]).toMatchObject([{}, { tool_plan: "Let me see.", tool_calls: [wireCall] }, {}]);
  expect(told(foreign)).toEqual(["adapted messages[1]"]);
  // A plan whose calls were cut is still something the model said.
  expect(encoded({ messages: [hello, { role: "assistant", content: [plan] }, hello] }).body["messages"]).toMatchObject([
    {},
    { role: "assistant", content: "I will look." },
    {},
  ]);
});

test("thoughts go back to a model that thinks, beside calls too, and those of others stay here", () => {
  const content = [
    { type: "reasoning", text: "Hm." },
    { type: "reasoning", text: "Secret.", providerData: { anthropic: { signature: "x" } } },
    call,
  ] as const;
  const messages = [hello, { role: "assistant", content }, answer("Sunny.")] as const;
  const thinking = encoded({ messages }, "command-a-plus-05-2026");
  expect(thinking.body["messages"]).toMatchObject([
    {},
    { role: "assistant", content: [{ type: "thinking", thinking: "Hm." }], tool_calls: [wireCall] },
    {},
  ]);
  expect(told(thinking)).toEqual(["dropped messages[1].content[1]"]);
  const other = encoded({ messages });
  expect((other.body["messages"] as JsonObject[])[1]).not.toHaveProperty("content");
  expect(told(other)).toEqual(["dropped messages[1].content[0]", "dropped messages[1].content[1]"]);
});

test("an answer goes back as its blocks, without its citations and what Cohere cannot be told", () => {
  const written = encoded({
    messages: [
      hello,
      {
        role: "assistant",
        content: [
          { type: "text", text: "Sunny.", citations: [{ source: { type: "source", id: "doc:0" } }] },
          { type: "source", url: "https://a.example" },
          { type: "file", mediaType: "image/png", data: new Uint8Array([1]) },
          { type: "tool-call", id: "s", name: "search", input: {}, executed: true },
          { type: "tool-result", id: "s", name: "search", output: "", executed: true },
          { type: "opaque", kind: "web_search_call", providerData: { openai: { id: "ws" } } },
        ],
      },
      hello,
    ],
  });
  expect(written.body["messages"]).toMatchObject([
    {},
    { role: "assistant", content: [{ type: "text", text: "Sunny." }] },
    {},
  ]);
  expect(told(written)).toEqual([
    "dropped messages[1].content[0].citations",
    ...[1, 2, 3, 4, 5].map((place) => `dropped messages[1].content[${place}]`),
  ]);
});

test.each<[string, ToolResultPart["output"], Partial<ToolResultPart>, unknown]>([
  ["text", "Sunny.", {}, "Sunny."],
  ["a failure in words", "No such city.", { isError: true }, "Error: No such city."],
  ["a failure that says so itself", "error: no", { isError: true }, "error: no"],
  ["a failure without words", "", { isError: true }, "Error: the tool failed."],
  ["an object", [{ type: "json", value: { a: 1 } }], {}, [{ type: "document", document: { data: { a: 1 } } }]],
  [
    "a list of objects, one document each",
    [{ type: "json", value: [{ a: 1 }, { b: 2 }] }],
    {},
    [
      { type: "document", document: { data: { a: 1 } } },
      { type: "document", document: { data: { b: 2 } } },
    ],
  ],
  ["a list of anything else", [{ type: "json", value: [1, {}] }], {}, [{ type: "text", text: "[1,{}]" }]],
  ["an empty list", [{ type: "json", value: [] }], {}, [{ type: "text", text: "[]" }]],
  [
    "texts",
    [
      { type: "text", text: "" },
      { type: "text", text: "b" },
    ],
    {},
    [{ type: "text", text: "b" }],
  ],
  ["a failure in blocks", [{ type: "text", text: "b" }], { isError: true }, [{ type: "text", text: "Error: b" }]],
  [
    "a failure as an object",
    [{ type: "json", value: { a: 1 } }],
    { isError: true },
    [
      { type: "text", text: "Error: the tool failed." },
      { type: "document", document: { data: { a: 1 } } },
    ],
  ],
  [
    "a text file",
    [{ type: "file", mediaType: "text/csv", data: new TextEncoder().encode("a,b"), filename: "a.csv" }],
    {},
    [{ type: "document", document: { data: { title: "a.csv", text: "a,b" } } }],
  ],
  ["nothing", [], {}, ""],
])("the result of a tool is what can be cited: %s", (_name, output, more, content) => {
  const { body, warnings } = encoded({
    messages: [hello, { role: "assistant", content: [call] }, answer(output, more)],
  });
  expect((body["messages"] as JsonObject[])[2]).toEqual({ role: "tool", tool_call_id: "weather_1", content });
  expect(warnings).toEqual([]);
});

test("images in results follow all results, as the user's", () => {
  const png = { type: "file", mediaType: "image/png", data: new Uint8Array([1]) } as const;
  const second = { ...call, id: "weather_2" };
  const written = encoded({
    messages: [
      hello,
      { role: "assistant", content: [call, second] },
      answer([png]),
      answer("Rain.", { id: "weather_2" }),
    ],
  });
  expect(written.body["messages"]).toMatchObject([
    {},
    {},
    { role: "tool", tool_call_id: "weather_1", content: [{ type: "text", text: "(An image follows.)" }] },
    { role: "tool", tool_call_id: "weather_2" },
    {
      role: "user",
      content: [
        { type: "text", text: "From the tool weather:" },
        { type: "image_url", image_url: { url: "data:image/png;base64,AQ==" } },
      ],
    },
  ]);
  expect(told(written)).toEqual(["adapted messages[2].content[0]"]);
});

test("calls without results are answered, and results without calls are told by the user", () => {
  const written = encoded({
    messages: [
      answer([{ type: "json", value: { a: 1 } }]),
      { role: "assistant", content: [call] },
      { role: "user", content: "Never mind." },
      { role: "tool", content: [{ type: "opaque", kind: "note", providerData: { openai: {} } }] },
    ],
  });
  expect(written.body["messages"]).toMatchObject([
    { role: "user", content: 'Result of the tool weather: {"a":1}' },
    { role: "assistant" },
    { role: "tool", tool_call_id: "weather_1", content: "Error: the tool gave no result." },
    { role: "user", content: "Never mind." },
  ]);
  expect(told(written)).toEqual([
    "adapted messages[0].content[0]",
    "adapted messages[1]",
    "dropped messages[3].content[0]",
  ]);
  const late = encoded({ messages: [{ role: "assistant", content: [call] }, hello, answer("Sunny.")] });
  expect(late.body["messages"]).toMatchObject([{}, { role: "tool", content: "Sunny." }, { role: "user" }]);
  expect(told(late)).toEqual(["adapted messages[2].content[0]"]);
});

test("ids that are empty or twice in a turn are made distinct; arguments that are no object become a member of one", () => {
  const calls = [
    { ...call, id: "" },
    call,
    { ...call, input: [1], raw: "[1]" },
    { ...call, id: "x", input: '{"a', raw: '{"a', invalid: true as const },
  ];
  const written = encoded({ messages: [hello, { role: "assistant", content: calls }] });
  const [, turn] = written.body["messages"] as JsonObject[];
  const toolCalls = turn!["tool_calls"] as { id: string; function: { arguments: string } }[];
  expect(toolCalls.map(({ id }) => id)).toEqual(["call_0", "weather_1", "weather_1_2", "x"]);
  expect(toolCalls.slice(2).map(({ function: { arguments: text } }) => text)).toEqual([
    '{"input":[1]}',
    '{"input":"{\\"a"}',
  ]);
});

test("users send images and text; a text file is a document to cite", () => {
  const written = encoded({
    messages: [
      {
        role: "user",
        content: [
          { type: "text", text: "What is this?" },
          {
            type: "file",
            mediaType: "image/webp",
            data: new URL("https://a.example/a.webp"),
            providerData: { cohere: { image_url: { detail: "low" } } },
          },
          {
            type: "file",
            mediaType: "text/plain; charset=utf-8",
            data: new TextEncoder().encode("Facts."),
            providerData: { cohere: { id: "facts" } },
          },
        ],
      },
    ],
    providerOptions: { cohere: { documents: ["Other facts."], safety_mode: "STRICT" } },
  });
  expect(written.body).toMatchObject({
    messages: [
      {
        role: "user",
        content: [
          { type: "text", text: "What is this?" },
          { type: "image_url", image_url: { url: "https://a.example/a.webp", detail: "low" } },
        ],
      },
    ],
    documents: ["Other facts.", { id: "facts", data: { text: "Facts." } }],
    safety_mode: "STRICT",
  });
  expect(told(written)).toEqual(["adapted messages[0].content[2]"]);
});

test("what says nothing is left out, and a request of nothing else is refused", () => {
  const written = encoded({
    messages: [
      { role: "system", content: "" },
      { role: "user", content: [] },
      { role: "assistant", content: "" },
      hello,
    ],
  });
  expect(written.body["messages"]).toEqual([{ role: "user", content: "Hello" }]);
  expect(told(written)).toEqual(["adapted messages[0]", "adapted messages[1]", "adapted messages[2]"]);
  expect(() => encoded({ messages: [{ role: "system", content: "Be brief." }] })).toThrow(
    expect.objectContaining({ code: "invalid-request", message: expect.stringContaining("`messages`") }),
  );
});

test.each([
  [{ suffix: "}" }, "suffix"],
  [
    { messages: [{ role: "user", content: [{ type: "file", mediaType: "application/pdf", data: new Uint8Array() }] }] },
    "application/pdf",
  ],
  [
    {
      messages: [
        { role: "user", content: [{ type: "file", mediaType: "text/plain", data: new URL("https://a.example") }] },
      ],
    },
    "as bytes",
  ],
] satisfies [Partial<ModelRequest>, string][])("what Cohere cannot do is refused: %j", (request, message) => {
  expect(() => encoded(request as Partial<ModelRequest>)).toThrow(
    expect.objectContaining({ code: "unsupported", message: expect.stringContaining(message) }),
  );
});

const strict = {
  name: "weather",
  strict: true,
  input: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
} as const;

test("tools are told with legal names, and a choice in Cohere's words", () => {
  const tools = [
    { name: "time-of-day", description: "Tells it.", input: {} },
    strict,
    { type: "provider", id: "openai.web_search" },
  ] as const;
  const written = encoded({ tools, toolChoice: "required" });
  expect(written.body).toMatchObject({
    tools: [
      {
        type: "function",
        function: { name: "time_of_day", description: "Tells it.", parameters: { type: "object", properties: {} } },
      },
      { type: "function", function: { name: "weather", parameters: strict.input } },
    ],
    tool_choice: "REQUIRED",
  });
  expect(told(written)).toEqual(["adapted tools[0].name", "dropped tools[2]", "dropped tools"]);
  const named = encoded({ tools, toolChoice: { name: "weather" } });
  expect(named.body["tools"]).toMatchObject([{ function: { name: "weather" } }]);
  expect(named.body).toMatchObject({ tool_choice: "REQUIRED", strict_tools: true });
  expect(told(named)).toEqual(["dropped tools[2]", "adapted toolChoice"]);
  expect(encoded({ tools: [strict], toolChoice: "none" }).body).toMatchObject({ tool_choice: "NONE" });
  expect(encoded({ tools: [strict], toolChoice: "auto" }).body).not.toHaveProperty("tool_choice");
  expect(told(encoded({ toolChoice: "required" }))).toEqual(["dropped toolChoice"]);
});

test("tools are held to their schemas all together or not at all", () => {
  expect(encoded({ tools: [strict] })).toMatchObject({ body: { strict_tools: true }, warnings: [] });
  const free = { ...strict, name: "free", input: { type: "object" } };
  const wide = Object.fromEntries(Array.from({ length: 201 }, (_, place) => [`p${place}`, { type: "string" }]));
  const large = {
    ...strict,
    name: "large",
    input: { type: "object", properties: { list: { type: "array", items: { properties: wide } } }, required: ["list"] },
  };
  for (const [tools, why] of [
    [[strict, { ...strict, name: "loose", strict: false }], "loose"],
    [[strict, free], "free has no required parameter"],
    [[large], "202 parameters"],
  ] as const) {
    const { body, warnings } = encoded({ tools });
    expect(body).not.toHaveProperty("strict_tools");
    expect(warnings).toMatchObject([{ code: "dropped", message: expect.stringContaining(why) }]);
  }
});

const schema = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };

test("an answer is held to a schema that Cohere takes", () => {
  const written = encoded({ output: { schema, description: "A place." } });
  expect(written.warnings).toEqual([]);
  expect(written.body["response_format"]).toEqual({
    type: "json_object",
    json_schema: { ...schema, description: "A place." },
  });
  const property = { type: "string", minLength: 1, format: "email", pattern: "^a", description: "Mail" };
  const narrow = {
    type: "object",
    properties: {
      mail: property,
      days: { type: "array", minItems: 1, items: { type: "integer", minimum: 0, format: "date" } },
    },
    required: ["mail"],
    additionalProperties: false,
  };
  const kept = encoded({ output: { schema: narrow } });
  expect(kept.body["response_format"]).toMatchObject({
    json_schema: {
      properties: {
        mail: { type: "string", description: "Mail" },
        days: { type: "array", items: { type: "integer", format: "date" } },
      },
      additionalProperties: false,
    },
  });
  expect(JSON.stringify(kept.body)).not.toMatch(/minLength|minItems|minimum|email|\^a/);
  expect(kept.warnings).toMatchObject([
    { path: "output.schema", message: expect.stringMatching(/minLength.*format.*pattern.*minItems.*minimum/) },
  ]);
});

test.each([
  [
    { type: "object", properties: { a: { anyOf: [{ type: "string" }, { type: "null" }] } }, required: ["a"] },
    "`anyOf`",
  ],
  [
    { type: "object", properties: { a: { type: "array", items: { type: "object" } } }, required: ["a"] },
    "required member",
  ],
  [{ type: "object", $defs: { a: { not: {} } }, required: ["a"] }, "`not`"],
])("a schema that Cohere would refuse is told in words: %j", (refused, why) => {
  const { body, warnings } = encoded({
    messages: [{ role: "system", content: "Be brief." }, hello],
    output: { schema: refused },
  });
  expect(body["response_format"]).toEqual({ type: "json_object" });
  expect(body["messages"]).toMatchObject([
    { role: "system", content: "Be brief." },
    { role: "system", content: expect.stringContaining(JSON.stringify(refused)) },
    { role: "user" },
  ]);
  expect(warnings).toMatchObject([{ path: "output", message: expect.stringContaining(why) }]);
});

test("where there is no JSON mode, words ask for it", () => {
  const beside = [
    encoded({ tools: [strict], output: { schema, description: "A place." } }),
    encoded({ output: { schema }, providerOptions: { cohere: { documents: ["Facts."] } } }),
    encoded({ output: { schema: { type: "array" } } }),
  ];
  for (const { body, warnings } of beside) {
    expect(body).not.toHaveProperty("response_format");
    expect(body["messages"]).toMatchObject([{ role: "system", content: expect.stringContaining("JSON Schema") }, {}]);
    expect(warnings).toMatchObject([{ path: "output" }]);
  }
  expect(JSON.stringify(beside[0]!.body["messages"])).toContain("A place.");
});

test("JSON without a schema is said in the messages too", () => {
  expect(encoded({ output: {} }).body).toMatchObject({
    messages: [{ role: "system", content: "Answer with JSON alone." }, {}],
    response_format: { type: "json_object" },
  });
  const said = encoded({ messages: [{ role: "user", content: "Generate a JSON of it." }], output: {} });
  expect(said.body["messages"]).toHaveLength(1);
  expect(said.warnings).toEqual([]);
});

test("what the application wrote for Cohere stands over the rest, and data of its own over a message", () => {
  const { body } = encoded({
    temperature: 0.1,
    messages: [{ ...hello, providerData: { cohere: { content: "Bonjour" } } }],
    providerOptions: { cohere: { temperature: 0.9, citation_options: { mode: "FAST" } }, openai: { user: "u" } },
  });
  expect(body).toMatchObject({
    temperature: 0.9,
    citation_options: { mode: "FAST" },
    messages: [{ role: "user", content: "Bonjour" }],
  });
  expect(body).not.toHaveProperty("user");
});

test("data of Cohere's stands over what it is on: a result, and a file that is a document", () => {
  const file = {
    type: "file",
    mediaType: "text/plain",
    data: new TextEncoder().encode("Facts."),
    filename: "a.txt",
  } as const;
  const written = encoded({
    messages: [
      {
        role: "user",
        content: [
          { type: "text", text: "So?" },
          { ...file, providerData: { cohere: { id: "facts" } } },
        ],
      },
      { role: "assistant", content: [call] },
      answer("Sunny.", { providerData: { cohere: { tool_call_id: "weather_1" } } }),
    ],
  });
  expect(written.body["documents"]).toEqual([{ id: "facts", data: { title: "a.txt", text: "Facts." } }]);
  expect(written.body["messages"]).toMatchObject([
    {},
    {},
    { role: "tool", tool_call_id: "weather_1", content: "Sunny." },
  ]);
});

test("a schema may hold what is no schema, and words about it come before all where nobody is spoken to", () => {
  const odd = { type: "object", properties: { a: true, b: { const: { c: 1 } } }, required: ["a"] };
  expect(encoded({ output: { schema: odd } }).body["response_format"]).toEqual({
    type: "json_object",
    json_schema: odd,
  });
});
