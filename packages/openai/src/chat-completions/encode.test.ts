import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type {
  AssistantPart,
  FilePart,
  JsonObject,
  JsonSchema,
  Message,
  ModelRequest,
  ToolResultPart,
} from "@plugboard/core";
import { validator } from "@plugboard/recordings";
import { deepseek } from "../compatible/deepseek.ts";
import { groq } from "../compatible/groq.ts";
import { openrouter } from "../compatible/openrouter.ts";
import { openaiDialect } from "../openai-dialect.ts";
import { openaiRequests } from "../shared/request.arbitrary.ts";
import type { ChatDialect } from "./dialect.ts";
import { encodeChat } from "./encode.ts";
import type { EncodedChat } from "./encode.ts";
import { chatCompletionsProtocol } from "./serve.ts";

const schemas = await validator();
const hello: readonly Message[] = [{ role: "user", content: "Hello" }];
const acme: ChatDialect = { provider: "acme", baseURL: "https://api.acme.example/v1" };

function encode(request: Partial<ModelRequest>, model = "gpt-4o", dialect = openaiDialect): EncodedChat {
  return encodeChat({ messages: hello, ...request }, { dialect, model });
}

function paths({ warnings }: EncodedChat): string[] {
  return warnings.map(({ code, path }) => `${code} ${path}`);
}

/** What an encoding is refused with. */
function refusal(request: Partial<ModelRequest>): unknown {
  try {
    encode(request);
  } catch (error) {
    return error;
  }
  return undefined;
}

const call = (id: string, name = "look"): AssistantPart => ({ type: "tool-call", id, name, input: {} });
const result = (id: string, output: ToolResultPart["output"] = "A cat."): ToolResultPart => ({
  type: "tool-result",
  id,
  name: "look",
  output,
});

test("writes the settings by their names on the wire", () => {
  const encoded = encode({
    maxOutputTokens: 10,
    temperature: 0.5,
    topP: 0.9,
    presencePenalty: 1,
    frequencyPenalty: -1,
    stop: ["END"],
    seed: 7,
    stream: true,
  });
  expect(encoded).toMatchObject({
    warnings: [],
    body: {
      model: "gpt-4o",
      messages: [{ role: "user", content: "Hello" }],
      max_completion_tokens: 10,
      temperature: 0.5,
      top_p: 0.9,
      presence_penalty: 1,
      frequency_penalty: -1,
      stop: ["END"],
      seed: 7,
      stream: true,
      stream_options: { include_usage: true },
    },
  });
  expect(encode({ maxOutputTokens: 10 }, "m", acme).body).toMatchObject({ max_tokens: 10 });
});

test("says what it leaves out or changes", () => {
  const encoded = encode({ topK: 5, temperature: 3, stop: ["a", "b", "c", "d", "e"], reasoning: "high" });
  expect(paths(encoded)).toStrictEqual(["dropped reasoning", "dropped topK", "adapted temperature", "dropped stop"]);
  expect(encoded.body).toMatchObject({ temperature: 2, stop: ["a", "b", "c", "d"] });
  expect(encoded.body).not.toHaveProperty("reasoning_effort");
});

test("spares a reasoning model what it refuses", () => {
  const encoded = encode(
    { messages: [{ role: "system", content: "Be brief." }, ...hello], temperature: 0, stop: ["a"] },
    "o3-mini",
  );
  expect(encoded.body).toStrictEqual({
    model: "o3-mini",
    messages: [
      { role: "developer", content: "Be brief." },
      { role: "user", content: "Hello" },
    ],
  });
  expect(paths(encoded)).toStrictEqual(["dropped temperature", "dropped stop"]);
});

test("looks the rules of a deployment up by its catalogue name", () => {
  const request = { messages: hello, temperature: 0 };
  const { body } = encodeChat(request, { dialect: openaiDialect, model: "my-deployment", catalogId: "gpt-5" });
  expect(body).toStrictEqual({ model: "my-deployment", messages: [{ role: "user", content: "Hello" }] });
});

test.each<[string, ModelRequest["reasoning"], string | undefined, number]>([
  ["gpt-5", "minimal", "minimal", 0],
  ["gpt-5", "none", "minimal", 1],
  ["gpt-5", "max", "high", 0],
  ["gpt-5.1", "minimal", "low", 1],
  ["gpt-5.2", "max", "xhigh", 0],
  ["gpt-5-pro", "low", "high", 1],
  ["o3", { budgetTokens: 2000 }, "low", 1],
  ["gpt-4o", "none", undefined, 0],
])("asks %s for reasoning %j as %s", (model, reasoning, effort, warnings) => {
  const encoded = encode({ reasoning: reasoning! }, model);
  expect(encoded.body["reasoning_effort"]).toBe(effort);
  expect(encoded.warnings).toHaveLength(warnings);
});

test("sends a temperature to a model that may reason only when it does not", () => {
  expect(encode({ temperature: 0, reasoning: "none" }, "gpt-5.2").body).toMatchObject({ temperature: 0 });
  expect(paths(encode({ temperature: 0, reasoning: "low" }, "gpt-5.2"))).toStrictEqual(["dropped temperature"]);
});

test("refuses a suffix and files of a type it does not read, by name", () => {
  expect(refusal({ suffix: "}" })).toMatchObject({ code: "unsupported", message: expect.stringContaining("suffix") });
  const file: FilePart = { type: "file", mediaType: "image/tiff", data: Uint8Array.of(1) };
  expect(refusal({ messages: [{ role: "user", content: [file] }] })).toMatchObject({
    code: "unsupported",
    message: expect.stringMatching(/messages\[0\]\.content\[0\].*image\/tiff.*image\/png/),
  });
});

test("writes images, PDF and audio", () => {
  const data = Uint8Array.of(1, 2, 3);
  const { body } = encode({
    messages: [
      {
        role: "user",
        content: [
          { type: "text", text: "Look:" },
          { type: "file", mediaType: "image/png", data, providerData: { openai: { image_url: { detail: "low" } } } },
          { type: "file", mediaType: "image/*", data: new URL("https://example.com/a.png") },
          { type: "file", mediaType: "application/pdf", data, filename: "a.pdf" },
          { type: "file", mediaType: "audio/mpeg", data },
        ],
      },
    ],
  });
  expect(body["messages"]).toStrictEqual([
    {
      role: "user",
      content: [
        { type: "text", text: "Look:" },
        { type: "image_url", image_url: { url: "data:image/png;base64,AQID", detail: "low" } },
        { type: "image_url", image_url: { url: "https://example.com/a.png" } },
        { type: "file", file: { filename: "a.pdf", file_data: "data:application/pdf;base64,AQID" } },
        { type: "input_audio", input_audio: { data: "AQID", format: "mp3" } },
      ],
    },
  ]);
});

describe("tools", () => {
  const input: JsonSchema = { type: "object", properties: { a: { type: "string" } } };

  test("are functions; a choice names one", () => {
    const { body } = encode({ tools: [{ name: "look", description: "Looks.", input }], toolChoice: { name: "look" } });
    expect(body).toMatchObject({
      tools: [{ type: "function", function: { name: "look", description: "Looks.", parameters: input } }],
      tool_choice: { type: "function", function: { name: "look" } },
    });
  });

  test("get names that the wire takes, and back their own", () => {
    const encoded = encode({
      tools: [
        { name: "read.file", input },
        { name: "read_file", input },
        { name: "x".repeat(70), input },
      ],
      toolChoice: { name: "read.file" },
    });
    const names = (encoded.body["tools"] as unknown as { function: { name: string } }[]).map(
      (tool) => tool.function.name,
    );
    expect(names).toStrictEqual(["read_file_2", "read_file", "x".repeat(64)]);
    expect(names.map((name) => encoded.names.toOurs(name))).toStrictEqual(["read.file", "read_file", "x".repeat(70)]);
    expect(encoded.body["tool_choice"]).toStrictEqual({ type: "function", function: { name: "read_file_2" } });
    expect(paths(encoded)).toStrictEqual(["adapted tools[0].name", "adapted tools[2].name"]);
  });

  test("are strict only where their schema can be", () => {
    const strict: JsonSchema = { ...input, required: ["a"], additionalProperties: false };
    const encoded = encode({
      tools: [
        { name: "loose", input, strict: true },
        { name: "tight", input: strict, strict: true },
      ],
    });
    expect(encoded.body["tools"]).toMatchObject([{ function: { strict: false } }, { function: { strict: true } }]);
    expect(paths(encoded)).toStrictEqual(["adapted tools[0].strict"]);
  });

  test("of a provider are sent where they are known, otherwise left out", () => {
    const encoded = encode({
      tools: [
        { type: "provider", id: "openai.custom", name: "shell", options: { description: "Runs." } },
        { type: "provider", id: "anthropic.web_search" },
      ],
    });
    expect(encoded.body["tools"]).toStrictEqual([{ type: "custom", custom: { name: "shell", description: "Runs." } }]);
    expect(paths(encoded)).toStrictEqual(["dropped tools[1]"]);
  });

  test("cannot be chosen where none is sent", () => {
    const encoded = encode({ toolChoice: "required" });
    expect(encoded.body).not.toHaveProperty("tool_choice");
    expect(paths(encoded)).toStrictEqual(["dropped toolChoice"]);
  });
});

describe("a conversation with tools", () => {
  const turn = (...content: AssistantPart[]): Message => ({ role: "assistant", content });

  test("sends the arguments back byte for byte", () => {
    const raw = '{ "b": 1,\n"a": 2 }';
    const part: AssistantPart = { type: "tool-call", id: "a", name: "look", input: { b: 1, a: 2 }, raw };
    const broken: AssistantPart = { type: "tool-call", id: "b", name: "look", input: '{"a', raw: '{"a', invalid: true };
    const { body } = encode({
      messages: [...hello, turn(part, broken), { role: "tool", content: [result("a"), result("b")] }],
    });
    expect(body["messages"]).toMatchObject([
      {},
      { content: null, tool_calls: [{ function: { arguments: raw } }, { function: { arguments: '{"a' } }] },
      { role: "tool", tool_call_id: "a" },
      { role: "tool", tool_call_id: "b" },
    ]);
  });

  test("is mended where results are late, missing, or of no call", () => {
    const encoded = encode({
      messages: [
        ...hello,
        turn(call("a"), call("b")),
        { role: "user", content: "And?" },
        { role: "tool", content: [result("b"), result("c")] },
      ],
    });
    expect(
      (encoded.body["messages"] as JsonObject[]).map(({ role, tool_call_id: id, content }) => [role, id, content]),
    ).toStrictEqual([
      ["user", undefined, "Hello"],
      ["assistant", undefined, null],
      ["tool", "a", "Error: the tool gave no result."],
      ["tool", "b", "A cat."],
      ["user", undefined, "And?"],
      ["user", undefined, "Result of the tool look: A cat."],
    ]);
    expect(paths(encoded)).toStrictEqual([
      "adapted messages[1]",
      "adapted messages[3].content[0]",
      "adapted messages[3].content[1]",
    ]);
  });

  test("shows the files of a result after all results", () => {
    const picture: FilePart = { type: "file", mediaType: "image/png", data: Uint8Array.of(1, 2, 3) };
    const encoded = encode({
      messages: [
        ...hello,
        turn(call("a"), call("b")),
        { role: "tool", content: [result("a", [picture]), result("b", [{ type: "json", value: { n: 1 } }])] },
      ],
    });
    expect((encoded.body["messages"] as JsonObject[]).slice(2)).toStrictEqual([
      { role: "tool", tool_call_id: "a", content: "(A file follows.)" },
      { role: "tool", tool_call_id: "b", content: '{"n":1}' },
      {
        role: "user",
        content: [
          { type: "text", text: "From the tool look:" },
          { type: "image_url", image_url: { url: "data:image/png;base64,AQID" } },
        ],
      },
    ]);
    expect(paths(encoded)).toStrictEqual(["adapted messages[2].content[0]"]);
  });

  test("marks a failed result, and shortens the ids of others alike on both sides", () => {
    const id = "x".repeat(60);
    const { body } = encode({
      messages: [...hello, turn(call(id)), { role: "tool", content: [{ ...result(id, "No cat."), isError: true }] }],
    });
    const [, asked, answered] = body["messages"] as unknown as [unknown, { tool_calls: [{ id: string }] }, JsonObject];
    expect(asked.tool_calls[0].id).toHaveLength(40);
    expect(answered).toMatchObject({ tool_call_id: asked.tool_calls[0].id, content: "Error: No cat." });
  });

  test("leaves out a turn of thoughts that nothing follows, with a warning", () => {
    const messages: Message[] = [
      ...hello,
      { role: "assistant", content: [{ type: "reasoning", text: "Hm." }] },
      ...hello,
    ];
    const encoded = encode({ messages }, "m", deepseek.dialect);
    expect(encoded.body["messages"]).toStrictEqual([...hello, ...hello]);
    expect(paths(encoded)).toStrictEqual(["dropped messages[1]"]);
  });

  test("leaves out a turn that says nothing", () => {
    const encoded = encode({ messages: [...hello, turn(), { role: "assistant", content: "" }, ...hello] });
    expect(encoded.body["messages"]).toHaveLength(2);
    expect(paths(encoded)).toStrictEqual(["dropped messages[1]", "dropped messages[2]"]);
  });
});

test("refuses a conversation that says nothing", () => {
  const messages: readonly Message[] = [{ role: "assistant", content: [] }];
  expect(refusal({ messages })).toMatchObject({
    code: "invalid-request",
    message: expect.stringContaining("messages"),
  });
});

describe("thoughts of earlier answers", () => {
  const details = [{ type: "reasoning.text", text: "Hm.", signature: "abc" }];
  const messages: readonly Message[] = [
    ...hello,
    {
      role: "assistant",
      content: [
        { type: "reasoning", text: "Hm.", providerData: { openrouter: { reasoning_details: details } } },
        { type: "text", text: "Hi." },
      ],
    },
  ];

  test("are left out with a warning where they are not taken", () => {
    const encoded = encode({ messages });
    expect((encoded.body["messages"] as JsonObject[])[1]).toStrictEqual({ role: "assistant", content: "Hi." });
    expect(paths(encoded)).toContain("dropped messages[1].content[0]");
  });

  test("go back to where they came from", () => {
    const toOpenRouter = encode({ messages }, "a/b", openrouter.dialect);
    expect(toOpenRouter.body["messages"]).toMatchObject([{}, { reasoning_details: details, content: "Hi." }]);
    expect(toOpenRouter.warnings).toStrictEqual([]);
    expect(encode({ messages }, "deepseek-chat", deepseek.dialect).body["messages"]).toMatchObject([
      {},
      { reasoning_content: "Hm." },
    ]);
  });
});

describe("structured output", () => {
  const schema: JsonSchema = {
    type: "object",
    properties: { a: { type: "string" } },
    required: ["a"],
    additionalProperties: false,
  };

  test("is strict where the schema fits", () => {
    const encoded = encode({ output: { schema, name: "my answer" } });
    expect(encoded.body["response_format"]).toStrictEqual({
      type: "json_schema",
      json_schema: { name: "my_answer", schema, strict: true },
    });
    expect(paths(encoded)).toStrictEqual(["adapted output.name"]);
  });

  test.each<[string, JsonSchema]>([
    ["optional members", { ...schema, required: [] }],
    ["open maps", { type: "object", additionalProperties: { type: "string" } }],
    ["keywords beyond the subset", { ...schema, properties: { a: { type: "string", minLength: 1 } } }],
    ["formats beyond the subset", { ...schema, properties: { a: { type: "string", format: "uri" } } }],
    [
      "open members deep inside",
      { ...schema, properties: { a: { anyOf: [{ type: "array", items: { type: "object" } }] } } },
    ],
    ["a member that may be anything", { ...schema, properties: { a: { description: "Anything" } } }],
    ["another root", { type: "array", items: { type: "string" } }],
  ])("is not strict with %s, and says so", (_, loose) => {
    const encoded = encode({ output: { schema: loose } });
    expect(encoded.body["response_format"]).toMatchObject({ json_schema: { strict: false, schema: loose } });
    expect(paths(encoded)).toStrictEqual(["adapted output.schema"]);
  });

  test("without a schema is any JSON, with the word in a message", () => {
    const encoded = encode({ output: {} });
    expect(encoded.body).toMatchObject({
      response_format: { type: "json_object" },
      messages: [{ role: "system", content: "Answer with JSON alone." }, { role: "user" }],
    });
    expect(encode({ output: {}, messages: [{ role: "user", content: "Give me JSON." }] }).warnings).toStrictEqual([]);
  });

  test("is asked for in words where a vendor has no schemas", () => {
    const encoded = encode({ output: { schema } }, "deepseek-chat", deepseek.dialect);
    expect(encoded.body["response_format"]).toStrictEqual({ type: "json_object" });
    expect(JSON.stringify(encoded.body["messages"])).toContain("additionalProperties");
    expect(paths(encoded)).toStrictEqual(["adapted output"]);
  });
});

test("gives options of the vendor the last word, and no others", () => {
  const { body } = encode({
    temperature: 0.5,
    stream: true,
    providerOptions: {
      openai: { temperature: 0.7, stream_options: { include_obfuscation: false } },
      acme: { temperature: 1 },
    },
  });
  expect(body).toMatchObject({ temperature: 0.7, stream_options: { include_usage: true, include_obfuscation: false } });
});

test("hands data back to its owner, and leaves the data of others out with a warning", () => {
  const messages: readonly Message[] = [{ role: "user", content: "Hello", providerData: { openai: { name: "Ada" } } }];
  expect(encode({ messages }).body["messages"]).toStrictEqual([{ role: "user", content: "Hello", name: "Ada" }]);
  const elsewhere = encode({ messages }, "m", acme);
  expect(elsewhere.body["messages"]).toStrictEqual([{ role: "user", content: "Hello" }]);
  expect(paths(elsewhere)).toStrictEqual(["dropped messages[0]"]);
});

test.skipIf(!schemas)("writes bodies that fit OpenAI's schema, whatever the history holds", () => {
  const model = fc.constantFrom("gpt-4o", "gpt-5", "gpt-5.2", "o3");
  const asked = openaiRequests(["image/png", "image/jpeg", "application/pdf", "audio/wav", "audio/mpeg"]);
  fc.assert(
    fc.property(asked, model, (request, id) => {
      const { body } = encode(request, id);
      // What goes over the wire is JSON.
      expect(schemas!.requestErrors("openai-chat", JSON.parse(JSON.stringify(body)))).toStrictEqual([]);
    }),
    { numRuns: 300 },
  );
});

describe("a wish for reasoning", () => {
  test("is an object where a vendor has one, beside a budget", () => {
    const asked = (reasoning: ModelRequest["reasoning"]): JsonObject =>
      encode({ ...(reasoning && { reasoning }) }, "m", openrouter.dialect).body;
    expect(asked("high")).toMatchObject({ reasoning: { effort: "high" } });
    expect(asked({ budgetTokens: 2000 })).toMatchObject({ reasoning: { max_tokens: 2000 } });
    expect(asked(undefined)).not.toHaveProperty("reasoning");
  });
});

describe("more of tools", () => {
  const look = { name: "look", input: { type: "object" } } as const;

  test("are at most 128", () => {
    const tools = Array.from({ length: 129 }, (_, place) => ({ ...look, name: `look_${place}` }));
    expect(refusal({ tools })).toMatchObject({ code: "invalid-request", message: expect.stringContaining("128") });
  });

  test("of a vendor's own are named by their type", () => {
    const tools = [{ type: "provider", id: "groq.browser_search" } as const];
    expect(encode({ tools }, "m", groq.dialect).body).toMatchObject({ tools: [{ type: "browser_search" }] });
  });

  test("of free text have their id for a name where they have no other", () => {
    const { body } = encode({ tools: [{ type: "provider", id: "openai.custom", options: { description: "Any." } }] });
    expect(body["tools"]).toStrictEqual([{ type: "custom", custom: { name: "openai_custom", description: "Any." } }]);
  });

  test("that are left out cannot be chosen, also beside others", () => {
    const away = { type: "provider", id: "nobody.search", name: "search" } as const;
    for (const tools of [[away], [look, away]])
      expect(refusal({ tools, toolChoice: { name: "search" } })).toMatchObject({ code: "unsupported" });
  });

  test("keep what their owner wants said of them; a schema without a type is an object", () => {
    const tool = { name: "any", input: {}, strict: true, providerData: { openai: { function: { tag: 1 } } } } as const;
    const { body, warnings } = encode({ tools: [tool] }, "m", acme);
    expect(body["tools"]).toMatchObject([{ function: { parameters: { type: "object", properties: {} } } }]);
    expect(warnings).toMatchObject([
      { code: "adapted", path: "tools[0].strict", message: expect.stringContaining("acme has no strict mode") },
      { code: "dropped", path: "tools[0]" },
    ]);
    expect(encode({ tools: [tool] }).body["tools"]).toMatchObject([{ function: { name: "any", tag: 1 } }]);
  });
});

test("files that a vendor does not take by address are refused, with the place", () => {
  const at = new URL("https://a.example/a");
  const file = (mediaType: string, dialect: ChatDialect): unknown => {
    try {
      return encode({ messages: [{ role: "user", content: [{ type: "file", mediaType, data: at }] }] }, "m", dialect)
        .body;
    } catch (error) {
      return error;
    }
  };
  for (const type of ["audio/wav", "application/pdf"])
    expect(file(type, openaiDialect)).toMatchObject({ code: "unsupported", message: expect.stringContaining("bytes") });
  expect(file("application/pdf", openrouter.dialect)).toMatchObject({
    messages: [{ content: [{ type: "file", file: { filename: "file.pdf", file_data: at.href } }] }],
  });
  expect(file("text/plain", acme)).toMatchObject({ message: expect.stringContaining("it reads image/png") });
  expect(file("image/png", deepseek.dialect)).toMatchObject({ message: expect.stringContaining("it reads no files") });
});

test("sound is sent by the name of its form", () => {
  const file: FilePart = { type: "file", mediaType: "audio/vnd.wave", data: Uint8Array.of(1) };
  const { body } = encode({ messages: [{ role: "user", content: [file] }] }, "m", { ...acme, files: ["audio/*"] });
  expect(body["messages"]).toMatchObject([{ content: [{ input_audio: { format: "wav" } }] }]);
});

describe("what an answer held goes back", () => {
  const turn = (...content: AssistantPart[]): Message[] => [...hello, { role: "assistant", content }, ...hello];
  const second = (messages: Message[], dialect = openaiDialect): unknown =>
    (encode({ messages }, "m", dialect).body["messages"] as JsonObject[])[1];

  test("sound by its id, an item of details, and a call with what its owner wants of it", () => {
    const data = Uint8Array.of(1);
    const audio: AssistantPart = {
      type: "file",
      mediaType: "audio/wav",
      data,
      providerData: { openai: { audio: { id: "a" } } },
    };
    expect(second(turn(audio))).toStrictEqual({ role: "assistant", content: "", audio: { id: "a" } });
    const opaque: AssistantPart = {
      type: "opaque",
      kind: "reasoning_details",
      providerData: { openrouter: { reasoning_details: [{ type: "reasoning.encrypted", data: "x" }] } },
    };
    const said: AssistantPart = { type: "text", text: "Hi" };
    expect(second(turn(opaque, said), openrouter.dialect)).toMatchObject({ reasoning_details: [{ data: "x" }] });
    const extra = { ...call("c"), providerData: { openai: { extra_content: { google: { thought_signature: "s" } } } } };
    expect(second(turn(extra as AssistantPart))).toMatchObject({
      tool_calls: [{ id: "c", extra_content: { google: { thought_signature: "s" } } }],
    });
  });

  test("thoughts without details as plain ones, and a tool of free text with its text", () => {
    const thought: AssistantPart = { type: "reasoning", text: "Hm." };
    const said: AssistantPart = { type: "text", text: "Hi" };
    expect(second(turn(thought, said), openrouter.dialect)).toMatchObject({ reasoning: "Hm.", content: "Hi" });
    const custom: AssistantPart = {
      type: "tool-call",
      id: "c",
      name: "run",
      input: { a: 1 },
      providerData: { openai: { type: "custom" } },
    };
    expect(second(turn(custom))).toMatchObject({
      tool_calls: [{ type: "custom", custom: { name: "run", input: '{"a":1}' } }],
    });
  });

  test("and a result with what the vendor wants of it", () => {
    const own = { ...result("c"), providerData: { openai: { name: "look" } } };
    const messages: Message[] = [
      ...hello,
      { role: "assistant", content: [call("c")] },
      { role: "tool", content: [own] },
    ];
    expect(encode({ messages }).body["messages"]).toMatchObject([{}, {}, { role: "tool", name: "look" }]);
  });
});

test("an instruction for the answer's form comes after rules, also where there is nothing else", () => {
  const messages: Message[] = [{ role: "system", content: "Be brief." }];
  const { body } = encode({ messages, output: {} }, "m", { ...acme, output: "none" });
  expect(body["messages"]).toMatchObject([{ content: "Be brief." }, { content: "Answer with JSON alone." }]);
});

test("a conversation that was mended is written the same when it is read and sent again", () => {
  const asked = openaiRequests(["image/png", "application/pdf", "audio/wav"]);
  const protocol = chatCompletionsProtocol();
  fc.assert(
    fc.property(asked, fc.constantFrom("gpt-4o", "gpt-5"), ({ providerOptions: _, ...request }, id) => {
      const wire = (body: JsonObject): JsonObject => JSON.parse(JSON.stringify(body)) as JsonObject;
      const once = wire(encode(request, id).body);
      const again = encode(protocol.readRequest(once).request, id);
      expect(wire(again.body)["messages"]).toStrictEqual(once["messages"]);
      // What was said of the first is not said of the second: there is nothing left to mend.
      expect(paths(again).filter((path) => path.includes("messages"))).toStrictEqual([]);
    }),
    { numRuns: 200 },
  );
});
