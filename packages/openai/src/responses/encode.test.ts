import { describe, expect, test } from "vitest";
import type { AssistantPart, Json, JsonObject, Message, ModelRequest, ToolResultPart } from "@plugboard/core";
import { decodeResponse } from "./decode.ts";
import type { ResponsesDialect } from "./dialect.ts";
import { encodeResponses } from "./encode.ts";
import type { EncodedResponses } from "./encode.ts";
import { openaiResponsesDialect } from "./openai-responses.ts";

const hello: readonly Message[] = [{ role: "user", content: "Hello" }];
const acme: ResponsesDialect = { provider: "acme", baseURL: "https://api.acme.example/v1" };
const azure: ResponsesDialect = { ...openaiResponsesDialect, provider: "azure", accepts: ["openai"] };

function encode(
  request: Partial<ModelRequest>,
  model = "gpt-4o",
  dialect: ResponsesDialect = openaiResponsesDialect,
): EncodedResponses {
  return encodeResponses({ messages: hello, ...request }, { dialect, model });
}

function inputOf(messages: readonly Message[], model = "gpt-5", dialect = openaiResponsesDialect): Json {
  return encode({ messages }, model, dialect).body["input"] as Json;
}

function paths({ warnings }: EncodedResponses): string[] {
  return warnings.map(({ code, path }) => `${code} ${path}`);
}

function refusal(request: Partial<ModelRequest>, dialect = openaiResponsesDialect): unknown {
  try {
    encode(request, "gpt-4o", dialect);
  } catch (error) {
    return error;
  }
  return undefined;
}

const call = (id: string, more: object = {}): AssistantPart => ({
  type: "tool-call",
  id,
  name: "look",
  input: {},
  ...more,
});
const result = (id: string, output: ToolResultPart["output"] = "A cat."): ToolResultPart => ({
  type: "tool-result",
  id,
  name: "look",
  output,
});
const turn = (...content: readonly AssistantPart[]): Message => ({ role: "assistant", content });

test("asks OpenAI to keep nothing, and for thoughts in encrypted form where the model has any", () => {
  expect(encode({}).body).toStrictEqual({ model: "gpt-4o", input: [{ role: "user", content: "Hello" }], store: false });
  expect(encode({}, "gpt-5").body).toMatchObject({ store: false, include: ["reasoning.encrypted_content"] });
  expect(encode({}, "m", { ...acme, encrypts: "all" }).body).toMatchObject({
    include: ["reasoning.encrypted_content"],
  });
  expect(encode({}, "gpt-5", { ...openaiResponsesDialect, encrypts: "none" }).body).not.toHaveProperty("include");
});

test("writes the settings by their names on the wire", () => {
  const { body, warnings } = encode({ maxOutputTokens: 20, temperature: 0.5, topP: 0.9, stream: true });
  expect(body).toMatchObject({ max_output_tokens: 20, temperature: 0.5, top_p: 0.9, stream: true });
  expect(warnings).toStrictEqual([]);
});

test("says what it leaves out or changes", () => {
  const encoded = encode({
    maxOutputTokens: 5,
    temperature: 3,
    topK: 1,
    seed: 2,
    presencePenalty: 1,
    frequencyPenalty: 1,
    stop: ["END"],
  });
  expect(encoded.body).toMatchObject({ max_output_tokens: 16, temperature: 2 });
  expect(paths(encoded).toSorted()).toStrictEqual([
    "adapted maxOutputTokens",
    "adapted temperature",
    "dropped frequencyPenalty",
    "dropped presencePenalty",
    "dropped seed",
    "dropped stop",
    "dropped topK",
  ]);
  expect(encode({ stop: [] }).warnings).toStrictEqual([]);
});

test("leaves out what a reasoning model refuses, once", () => {
  const encoded = encode({ temperature: 0.5, topP: 0.5, stop: ["END"], presencePenalty: 1 }, "gpt-5");
  expect(encoded.body).not.toHaveProperty("temperature");
  expect(encoded.body).not.toHaveProperty("top_p");
  expect(paths(encoded).toSorted()).toStrictEqual([
    "dropped presencePenalty",
    "dropped stop",
    "dropped temperature",
    "dropped topP",
  ]);
  expect(encode({ temperature: 0.5, reasoning: "none" }, "gpt-5.2").body).toMatchObject({ temperature: 0.5 });
});

test("looks a deployment up by the name of the model behind it", () => {
  const { body } = encodeResponses(
    { messages: hello, temperature: 1, reasoning: "low" },
    { dialect: azure, model: "mine", catalogId: "gpt-5" },
  );
  expect(body).toMatchObject({ model: "mine", reasoning: { effort: "low" } });
  expect(body).not.toHaveProperty("temperature");
});

test("asks for the nearest effort, beside what the options want of the thoughts", () => {
  const { body } = encode(
    { reasoning: "max", providerOptions: { openai: { reasoning: { summary: "auto" } } } },
    "gpt-5.2",
  );
  expect(body["reasoning"]).toStrictEqual({ effort: "xhigh", summary: "auto" });
  const none = encode({ reasoning: "high" });
  expect(paths(none)).toStrictEqual(["dropped reasoning"]);
  expect(none.body).not.toHaveProperty("reasoning");
});

test("adds to what is included, and gives options the last word otherwise", () => {
  const { body } = encode(
    {
      providerOptions: {
        openai: { include: ["web_search_call.action.sources"], truncation: "auto", model: "gpt-5-pro" },
      },
    },
    "gpt-5",
  );
  expect(body).toMatchObject({
    include: ["reasoning.encrypted_content", "web_search_call.action.sources"],
    truncation: "auto",
    model: "gpt-5-pro",
  });
  expect(encode({ providerOptions: { anthropic: { a: 1 } } }).body).not.toHaveProperty("a");
  expect(encode({ providerOptions: { openai: { a: 1 } } }, "m", azure).body).toMatchObject({ a: 1 });
});

describe("what a user says", () => {
  test("may be images and files, by bytes, address or upload", () => {
    const data = new Uint8Array([1, 2, 3]);
    const url = new URL("https://a.example/b");
    const content = [
      { type: "text", text: "Look:", providerData: { openai: { prompt_cache_breakpoint: { type: "default" } } } },
      { type: "file", mediaType: "image/png", data, providerData: { openai: { detail: "high" } } },
      { type: "file", mediaType: "image/*", data: url },
      { type: "file", mediaType: "application/pdf", data, filename: "a.pdf" },
      { type: "file", mediaType: "application/pdf", data: url },
      { type: "file", mediaType: "text/plain", data },
      {
        type: "file",
        mediaType: "application/zip",
        data: new Uint8Array(),
        providerData: { openai: { file_id: "file_1" } },
      },
    ] as const;
    expect(inputOf([{ role: "user", content }])).toStrictEqual([
      {
        role: "user",
        content: [
          { type: "input_text", text: "Look:", prompt_cache_breakpoint: { type: "default" } },
          { type: "input_image", image_url: "data:image/png;base64,AQID", detail: "high" },
          { type: "input_image", image_url: "https://a.example/b" },
          { type: "input_file", filename: "a.pdf", file_data: "data:application/pdf;base64,AQID" },
          { type: "input_file", file_url: "https://a.example/b" },
          { type: "input_file", filename: "file.txt", file_data: "data:text/plain;base64,AQID" },
          { type: "input_file", file_id: "file_1" },
        ],
      },
    ]);
  });

  test("is refused where it is a file that is not read, with the place and what is", () => {
    const file = { type: "file", mediaType: "audio/wav", data: new Uint8Array() } as const;
    expect(refusal({ messages: [{ role: "user", content: [file] }] })).toMatchObject({
      code: "unsupported",
      message: expect.stringMatching(/messages\[0\]\.content\[0\].*audio\/wav.*application\/pdf/) as unknown,
    });
    const far = { type: "file", mediaType: "application/pdf", data: new URL("https://a.example") } as const;
    const local = { ...acme, files: ["application/pdf"] };
    expect(refusal({ messages: [{ role: "user", content: [far] }] }, local)).toMatchObject({ code: "unsupported" });
  });

  test("must be something", () => {
    expect(refusal({ messages: [turn()] })).toMatchObject({ code: "invalid-request" });
    expect(refusal({ suffix: "b" })).toMatchObject({ code: "unsupported" });
  });
});

test("sends rules as the model wants them", () => {
  const messages: readonly Message[] = [{ role: "system", content: "Be brief." }, ...hello];
  expect(inputOf(messages, "gpt-5")).toMatchObject([{ role: "developer" }, { role: "user" }]);
  expect(inputOf(messages, "gpt-4o")).toMatchObject([{ role: "system" }, { role: "user" }]);
});

describe("an answer of OpenAI's", () => {
  const reasoning = {
    id: "rs_1",
    type: "reasoning",
    summary: [{ type: "summary_text", text: "Hm." }],
    encrypted_content: "gAAA=",
  };
  const search = { id: "ws_1", type: "web_search_call", status: "completed", action: { type: "search", query: "a" } };
  const said = {
    id: "msg_1",
    type: "message",
    role: "assistant",
    phase: "commentary",
    content: [
      {
        type: "output_text",
        text: "Hi",
        annotations: [{ type: "url_citation", url: "https://a.example", title: "A", start_index: 0, end_index: 2 }],
      },
      { type: "refusal", refusal: "No." },
    ],
  };
  const asked = { id: "fc_1", type: "function_call", call_id: "call_1", name: "look", arguments: '{ "a": 1 }' };
  const free = { id: "ctc_1", type: "custom_tool_call", call_id: "call_2", name: "sql", input: "SELECT 1" };
  const compaction = { id: "cmp_1", type: "compaction", encrypted_content: "gBBB=" };
  const output: readonly JsonObject[] = [reasoning, search, said, compaction, asked, free];
  const { content } = decodeResponse({ output }, { dialect: openaiResponsesDialect, model: "m" }, {});
  const history: readonly Message[] = [
    ...hello,
    { role: "assistant", content },
    { role: "tool", content: [result("call_1"), result("call_2")] },
  ];
  const results = [
    { type: "function_call_output", call_id: "call_1", output: "A cat." },
    { type: "custom_tool_call_output", call_id: "call_2", output: "A cat." },
  ];

  test("goes back as it came", () => {
    const encoded = encode({ messages: history }, "gpt-5");
    const [, ...items] = encoded.body["input"] as readonly JsonObject[];
    expect(items).toStrictEqual([...output, ...results]);
    expect(JSON.stringify(items[0])).toBe(JSON.stringify(reasoning));
    expect(encoded.warnings).toStrictEqual([]);
  });

  test("goes back without ids, and without what needs them, once its thoughts are lost", () => {
    const { encrypted_content: _, ...bare } = reasoning;
    const lost = content.map((part) =>
      part.type === "reasoning" ? { ...part, providerData: { openai: { item: bare } } } : part,
    );
    const encoded = encode({ messages: [{ role: "assistant", content: lost }, history[2]!] }, "gpt-5");
    expect(encoded.body["input"]).toMatchObject([
      { type: "message" },
      { type: "function_call" },
      { type: "custom_tool_call" },
      {},
      {},
    ]);
    expect(JSON.stringify(encoded.body["input"])).not.toMatch(/"id":/);
    expect(paths(encoded)).toStrictEqual([
      "dropped messages[0].content[0]",
      "dropped messages[0].content[1]",
      "dropped messages[0].content[2]",
      "dropped messages[0].content[5]",
    ]);
  });

  test("goes back with thoughts that only OpenAI has, where it keeps them", () => {
    const { encrypted_content: _, ...bare } = reasoning;
    const messages = [
      turn({ type: "reasoning", text: "Hm.", providerData: { openai: { item: bare } } }, call("c")),
      { role: "tool" as const, content: [result("c")] },
    ];
    const { body } = encode({ messages, providerOptions: { openai: { store: true } } }, "gpt-5");
    expect(body).toMatchObject({
      store: true,
      input: [bare, { type: "function_call" }, { type: "function_call_output" }],
    });
  });

  test("goes to another account without what only OpenAI can read", () => {
    const encoded = encode({ messages: history }, "gpt-5", azure);
    const [, ...items] = encoded.body["input"] as readonly JsonObject[];
    expect(items.map(({ type }) => type)).toStrictEqual([
      "message",
      "function_call",
      "custom_tool_call",
      ...results.map(({ type }) => type),
    ]);
    expect(JSON.stringify(items)).not.toMatch(/gAAA|"id":/);
    expect(paths(encoded)).toStrictEqual([0, 1, 2, 5].map((place) => `dropped messages[1].content[${place}]`));
  });

  test("keeps its messages apart", () => {
    const text = (id: string): AssistantPart => ({
      type: "text",
      text: id,
      providerData: { openai: { item: { type: "message", id } } },
    });
    expect(inputOf([turn(text("msg_1"), text("msg_1"), text("msg_2"))])).toMatchObject([
      { id: "msg_1", content: [{ text: "msg_1" }, { text: "msg_1" }] },
      { id: "msg_2", content: [{ text: "msg_2" }] },
    ]);
  });

  test("leaves out all thoughts that led to nothing", () => {
    const [thought] = content;
    const encoded = encode({ messages: [...hello, turn(call("a"), thought!, thought!), ...hello] }, "gpt-5");
    expect(encoded.body["input"]).toMatchObject([{}, { type: "function_call" }, { type: "function_call_output" }, {}]);
    expect(paths(encoded).slice(0, 2)).toStrictEqual([
      "dropped messages[1].content[1]",
      "dropped messages[1].content[2]",
    ]);
  });

  test("leaves out thoughts that are the whole of a turn", () => {
    const encoded = encode({ messages: [...hello, turn(...content.slice(0, 1)), ...hello] }, "gpt-5");
    expect(encoded.body["input"]).toHaveLength(2);
    expect(paths(encoded)).toStrictEqual(["dropped messages[1].content[0]", "dropped messages[1]"]);
  });
});

describe("an answer of another provider", () => {
  test("is told as far as it can be, with a warning for each thing that cannot", () => {
    const encoded = encode({
      messages: [
        turn(
          { type: "reasoning", text: "Hm.", providerData: { anthropic: { signature: "x" } } },
          { type: "text", text: "One." },
          { type: "text", text: "Two." },
          { type: "source", url: "https://a.example" },
          call("srv", { executed: true }),
          { ...result("srv"), executed: true },
          { type: "opaque", kind: "redacted_thinking", providerData: { anthropic: { data: "x" } } },
          { type: "file", mediaType: "image/png", data: new Uint8Array() },
        ),
        { role: "assistant", content: "" },
        { role: "assistant", content: "Three." },
      ],
    });
    expect(encoded.body["input"]).toStrictEqual([
      {
        type: "message",
        role: "assistant",
        content: [
          { type: "output_text", text: "One." },
          { type: "output_text", text: "Two." },
        ],
      },
      { role: "assistant", content: "Three." },
    ]);
    expect(paths(encoded)).toStrictEqual([
      ...[0, 3, 4, 5, 6, 7].map((place) => `dropped messages[0].content[${place}]`),
      "dropped messages[1]",
    ]);
  });

  test("keeps calls and results together under ids and names that are taken", () => {
    const id = "x".repeat(70);
    const named = { type: "tool-call", id, name: "look.up", input: { a: 1 } } as const;
    const [asked, answered] = inputOf([turn(named), { role: "tool", content: [result(id)] }]) as readonly JsonObject[];
    expect(asked).toMatchObject({ type: "function_call", name: "look_up", arguments: '{"a":1}' });
    expect(asked!["call_id"]).toHaveLength(64);
    expect(answered!["call_id"]).toBe(asked!["call_id"]);
  });
});

describe("a conversation that does not add up", () => {
  test("has calls without a result answered with an error", () => {
    const encoded = encode({ messages: [turn(call("a")), ...hello] });
    expect(encoded.body["input"]).toMatchObject([
      { type: "function_call", call_id: "a" },
      { type: "function_call_output", call_id: "a", output: "Error: the tool gave no result." },
      { role: "user" },
    ]);
    expect(paths(encoded)).toStrictEqual(["adapted messages[0]"]);
  });

  test("has results that come late moved to their calls", () => {
    const encoded = encode({ messages: [turn(call("a")), ...hello, { role: "tool", content: [result("a")] }] });
    expect(encoded.body["input"]).toMatchObject([
      { call_id: "a" },
      { call_id: "a", output: "A cat." },
      { role: "user" },
    ]);
    expect(paths(encoded)).toStrictEqual(["adapted messages[2].content[0]"]);
  });

  test("has results of calls that nobody made told by the user", () => {
    const encoded = encode({ messages: [...hello, { role: "tool", content: [result("a")] }] });
    expect(encoded.body["input"]).toMatchObject([{}, { role: "user", content: "Result of the tool look: A cat." }]);
    expect(paths(encoded)).toStrictEqual(["adapted messages[1].content[0]"]);
  });

  test("is left alone where the provider knows what came before", () => {
    const custom = { ...result("b"), providerData: { openai: { type: "custom" } } };
    const encoded = encode({
      messages: [{ role: "tool", content: [result("a"), custom] }],
      providerOptions: { openai: { previous_response_id: "resp_1" } },
    });
    expect(encoded.body).toMatchObject({
      previous_response_id: "resp_1",
      input: [
        { type: "function_call_output", call_id: "a" },
        { type: "custom_tool_call_output", call_id: "b" },
      ],
    });
    expect(encoded.warnings).toStrictEqual([]);
  });
});

describe("what a tool gave", () => {
  const sent = (part: ToolResultPart): Json =>
    (inputOf([turn(call("a")), { role: "tool", content: [part] }]) as readonly JsonObject[])[1]!["output"]!;

  test("is text where it can be, and says that it failed", () => {
    const pieces = [
      { type: "text", text: "Two:" },
      { type: "json", value: [1, 2] },
    ] as const;
    expect(sent(result("a", pieces))).toBe("Two:\n[1,2]");
    expect(sent({ ...result("a", "no cat"), isError: true })).toBe("Error: no cat");
    expect(sent({ ...result("a", "Error 7"), isError: true })).toBe("Error 7");
  });

  test("may hold images", () => {
    const image = { type: "file", mediaType: "image/png", data: new Uint8Array([1]) } as const;
    const written = [{ type: "input_image", image_url: "data:image/png;base64,AQ==" }];
    expect(sent(result("a", [image]))).toStrictEqual(written);
    expect(sent({ ...result("a", [image]), isError: true })).toStrictEqual([
      { type: "input_text", text: "Error:" },
      ...written,
    ]);
  });

  test("may be an item that only OpenAI understands", () => {
    const item = { type: "local_shell_call_output", id: "lsh_1", output: "{}" };
    const opaque = { type: "opaque", kind: "local_shell_call_output", providerData: { openai: { item } } } as const;
    const messages: readonly Message[] = [...hello, { role: "tool", content: [opaque] }];
    expect(inputOf(messages)).toMatchObject([{}, item]);
    expect(paths(encode({ messages }, "m", acme))).toStrictEqual(["dropped messages[1].content[0]"]);
  });
});

describe("tools", () => {
  const input = { type: "object", properties: { a: { type: "string" } }, required: ["a"], additionalProperties: false };

  test("are strict only where asked and possible", () => {
    const encoded = encode({
      tools: [
        { name: "a", description: "A.", input },
        { name: "b", input, strict: true },
        { name: "c", input: { type: "object", properties: { a: {} } }, strict: true },
        { name: "d.e", input: {}, providerData: { openai: { defer_loading: true } } },
      ],
    });
    expect(encoded.body["tools"]).toStrictEqual([
      { type: "function", name: "a", description: "A.", parameters: input },
      { type: "function", name: "b", parameters: input, strict: true },
      { type: "function", name: "c", parameters: { type: "object", properties: { a: {} } }, strict: false },
      { type: "function", name: "d_e", parameters: { type: "object", properties: {} }, defer_loading: true },
    ]);
    expect(paths(encoded)).toStrictEqual(["adapted tools[2].strict", "adapted tools[3].name"]);
  });

  test("of the provider are passed on, those of others are not", () => {
    const encoded = encode({
      tools: [
        { type: "provider", id: "openai.web_search", options: { search_context_size: "low" } },
        {
          type: "provider",
          id: "openai.mcp",
          name: "dice",
          options: { server_label: "dice", server_url: "https://a.example" },
        },
        { type: "provider", id: "openai.custom", name: "sql", options: { description: "SQL" } },
        { type: "provider", id: "anthropic.web_search_20260318" },
      ],
    });
    expect(encoded.body["tools"]).toStrictEqual([
      { type: "web_search", search_context_size: "low" },
      { type: "mcp", server_label: "dice", server_url: "https://a.example" },
      { type: "custom", name: "sql", description: "SQL" },
    ]);
    expect(paths(encoded)).toStrictEqual(["dropped tools[3]"]);
  });

  test.each<[string, Json]>([
    ["a", { type: "function", name: "a" }],
    ["sql", { type: "custom", name: "sql" }],
    ["web_search", { type: "allowed_tools", mode: "required", tools: [{ type: "web_search" }] }],
    ["dice", { type: "allowed_tools", mode: "required", tools: [{ type: "mcp", server_label: "dice" }] }],
  ])("are chosen by name: %s", (name, choice) => {
    const { body } = encode({
      tools: [
        { name: "a", input },
        { type: "provider", id: "openai.custom", name: "sql" },
        { type: "provider", id: "openai.web_search" },
        { type: "provider", id: "openai.mcp", name: "dice", options: { server_label: "dice" } },
      ],
      toolChoice: { name },
    });
    expect(body["tool_choice"]).toStrictEqual(choice);
  });

  test("need one to be chosen", () => {
    expect(encode({ toolChoice: "none" })).toMatchObject({ warnings: [] });
    expect(paths(encode({ toolChoice: "required" }))).toStrictEqual(["dropped toolChoice"]);
    const foreign = { type: "provider", id: "anthropic.bash", name: "bash" } as const;
    expect(refusal({ tools: [foreign], toolChoice: { name: "bash" } })).toMatchObject({ code: "unsupported" });
  });
});

describe("structured output", () => {
  const schema = {
    type: "object",
    properties: { a: { type: "string" } },
    required: ["a"],
    additionalProperties: false,
  };

  test("is held to the schema where it can be", () => {
    expect(encode({ output: { schema, name: "an answer", description: "D" } })).toMatchObject({
      body: { text: { format: { type: "json_schema", name: "an_answer", description: "D", schema, strict: true } } },
      warnings: [{ path: "output.name" }],
    });
    expect(encode({ output: { schema: { type: "object" } } }).body).toMatchObject({
      text: { format: { strict: false } },
    });
    const plain = encode({ output: { schema } }, "m", acme).body["text"] as JsonObject;
    expect(plain["format"]).not.toHaveProperty("strict");
  });

  test("without a schema is any JSON, with the word in the input", () => {
    const encoded = encode({ output: {} });
    expect(encoded.body).toMatchObject({
      text: { format: { type: "json_object" } },
      input: [{ role: "system", content: "Answer with JSON alone." }, { role: "user" }],
    });
    expect(paths(encoded)).toStrictEqual(["adapted output"]);
    expect(encode({ output: {}, messages: [{ role: "user", content: "Give me JSON." }] }).warnings).toStrictEqual([]);
  });
});
