import type { AssistantPart, FilePart, JsonObject, Message, ModelRequest, Warning } from "@plugboard/core";
import { describe, expect, test } from "vitest";
import { encodeConverse } from "./encode.ts";

const claude = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
const nova = "us.amazon.nova-lite-v1:0";

const user = (content: Extract<Message, { role: "user" }>["content"]): Message => ({ role: "user", content });
const assistant = (...content: readonly AssistantPart[]): Message => ({ role: "assistant", content });
const weather = { name: "weather", input: { type: "object", properties: { city: { type: "string" } } } };

function encoded(request: Partial<ModelRequest>, model = nova): { body: JsonObject; warnings: readonly Warning[] } {
  return encodeConverse({ messages: [user("Hello")], ...request }, model);
}

function turnsOf(messages: readonly Message[], model = nova, tools: ModelRequest["tools"] = [weather]): unknown {
  return encoded({ messages, tools }, model).body["messages"];
}

test("writes a plain question plainly", () => {
  expect(encoded({})).toMatchObject({
    warnings: [],
    body: { messages: [{ role: "user", content: [{ text: "Hello" }] }] },
  });
  expect(Object.keys(encoded({}).body)).toEqual(["messages"]);
});

test("puts what is common to models into the inference configuration, and what is not beside it", () => {
  const request = { maxOutputTokens: 100, temperature: 0.5, topP: 0.9, topK: 10, stop: ["END"] };
  expect(encoded(request).body).toMatchObject({
    inferenceConfig: { maxTokens: 100, temperature: 0.5, topP: 0.9, stopSequences: ["END"] },
    additionalModelRequestFields: { inferenceConfig: { topK: 10 } },
  });
  expect(encoded({ topK: 10 }, claude).body["additionalModelRequestFields"]).toEqual({ top_k: 10 });
  expect(encoded({ topK: 10 }, "meta.llama3-70b-instruct-v1:0")).toMatchObject({
    warnings: [{ code: "dropped", path: "topK" }],
  });
  expect(encoded({ temperature: 1.5 })).toMatchObject({
    body: { inferenceConfig: { temperature: 1 } },
    warnings: [{ code: "adapted", path: "temperature" }],
  });
});

test("drops what the Converse API does not have, and says so", () => {
  const { warnings } = encoded({ seed: 1, presencePenalty: 1, frequencyPenalty: 1 });
  expect(warnings.map(({ code, path }) => [code, path])).toEqual([
    ["dropped", "seed"],
    ["dropped", "presencePenalty"],
    ["dropped", "frequencyPenalty"],
  ]);
  expect(() => encoded({ suffix: "}" })).toThrow(expect.objectContaining({ code: "unsupported" }));
});

test("lays what the application wrote for Bedrock over the rest", () => {
  const own = {
    guardrailConfig: { guardrailIdentifier: "abc", guardrailVersion: "1", trace: "enabled" },
    performanceConfig: { latency: "optimized" },
    inferenceConfig: { maxTokens: 7 },
    toolConfig: { toolChoice: { any: {} } },
    additionalModelRequestFields: { own: true },
  };
  const { body } = encoded({
    temperature: 0.5,
    topK: 3,
    tools: [weather],
    toolChoice: "auto",
    providerOptions: { bedrock: own, openai: { user: "u" } },
  });
  expect(body).toMatchObject({
    guardrailConfig: own.guardrailConfig,
    performanceConfig: own.performanceConfig,
    inferenceConfig: { temperature: 0.5, maxTokens: 7 },
    additionalModelRequestFields: { inferenceConfig: { topK: 3 }, own: true },
  });
  expect(body["toolConfig"]).toMatchObject({ toolChoice: { any: {} } });
  expect((body["toolConfig"] as JsonObject)["toolChoice"]).toEqual({ any: {} });
  expect(body["user"]).toBeUndefined();
});

describe("thinking", () => {
  const fields = (request: Partial<ModelRequest>, model: string): unknown =>
    encoded(request, model).body["additionalModelRequestFields"];

  test("is asked of each family in its own way", () => {
    expect(fields({ reasoning: { budgetTokens: 4000 } }, claude)).toEqual({
      thinking: { type: "enabled", budget_tokens: 4000 },
    });
    expect(fields({ reasoning: "high" }, "global.anthropic.claude-opus-4-8")).toMatchObject({
      thinking: { type: "adaptive" },
      output_config: { effort: "high" },
    });
    expect(fields({ reasoning: "medium" }, "us.amazon.nova-2-lite-v1:0")).toEqual({
      reasoningConfig: { type: "enabled", maxReasoningEffort: "medium" },
    });
    expect(fields({ reasoning: "low" }, "openai.gpt-oss-120b-1:0")).toEqual({ reasoning_effort: "low" });
    expect(fields({ reasoning: "high" }, "qwen.qwen3-32b-v1:0")).toEqual({ reasoning_config: "high" });
  });

  test("is dropped with a warning where nobody knows how, and not asked of those that need not be told", () => {
    expect(encoded({ reasoning: "high" }, "meta.llama3-70b-instruct-v1:0").warnings).toMatchObject([
      { code: "dropped", path: "reasoning" },
    ]);
    for (const model of [nova, claude, "us.amazon.nova-2-lite-v1:0", "qwen.qwen3-32b-v1:0"]) {
      expect(encoded({ reasoning: "none" }, model)).toMatchObject({ warnings: [] });
      expect(fields({ reasoning: "none" }, model)).toBeUndefined();
    }
    expect(encoded({ reasoning: "none" }, "openai.gpt-oss-120b-1:0")).toMatchObject({
      body: { additionalModelRequestFields: { reasoning_effort: "low" } },
      warnings: [{ code: "adapted", path: "reasoning" }],
    });
  });

  test.for([
    ["minimal", "low"],
    ["max", "high"],
    [{ budgetTokens: 4096 }, "low"],
    [{ budgetTokens: 12_288 }, "medium"],
    [{ budgetTokens: 12_289 }, "high"],
  ] as const)("of %o is told as %s to a model that knows three levels", ([reasoning, effort]) => {
    expect(encoded({ reasoning }, "openai.gpt-oss-120b-1:0")).toMatchObject({
      body: { additionalModelRequestFields: { reasoning_effort: effort } },
      warnings: [{ code: "adapted", path: "reasoning" }],
    });
  });

  test("at Nova's highest level leaves no limit and no sampling parameters", () => {
    const { body, warnings } = encoded(
      { reasoning: "high", maxOutputTokens: 100, temperature: 0.1, topP: 0.2, topK: 3 },
      "us.amazon.nova-2-lite-v1:0",
    );
    expect(body["inferenceConfig"]).toBeUndefined();
    expect(warnings.map(({ path }) => path)).toEqual(["maxOutputTokens", "temperature", "topP", "topK"]);
  });

  test("of Claude leaves it to choose its tools, and takes no temperature", () => {
    const { body, warnings } = encoded(
      { reasoning: "low", temperature: 0.5, tools: [weather], toolChoice: "required" },
      claude,
    );
    expect(body).toMatchObject({ toolConfig: { toolChoice: { auto: {} } } });
    expect(warnings.map(({ path }) => path)).toEqual(["temperature", "toolChoice"]);
  });
});

describe("tools", () => {
  test("have names that Bedrock takes, and no description that is empty", () => {
    const tools = [
      { name: "weather.today", description: "", input: { type: "object" } },
      { name: "weather_today", description: "The other", input: {} },
    ];
    expect(encoded({ tools, toolChoice: { name: "weather.today" } }).body["toolConfig"]).toEqual({
      tools: [
        { toolSpec: { name: "weather_today_2", inputSchema: { json: { type: "object" } } } },
        { toolSpec: { name: "weather_today", description: "The other", inputSchema: { json: { type: "object" } } } },
      ],
      toolChoice: { tool: { name: "weather_today_2" } },
    });
  });

  test("of Bedrock's own are named, and another provider's are dropped with a warning", () => {
    const tools = [
      { type: "provider", id: "bedrock.nova_grounding" },
      { type: "provider", id: "openai.web_search" },
    ] as const;
    expect(encoded({ tools })).toMatchObject({
      body: { toolConfig: { tools: [{ systemTool: { name: "nova_grounding" } }] } },
      warnings: [{ code: "dropped", path: "tools[1]" }],
    });
  });

  test("are held to their schema where it is asked for and can be", () => {
    const open = { type: "object", additionalProperties: { type: "string" } };
    const closed = { type: "object", properties: { n: { type: "integer", minimum: 1 } } };
    const { body, warnings } = encoded({
      tools: [
        { name: "open", input: open, strict: true },
        { name: "closed", input: closed, strict: true },
      ],
    });
    expect(body["toolConfig"]).toMatchObject({
      tools: [
        { toolSpec: { inputSchema: { json: open } } },
        { toolSpec: { strict: true, inputSchema: { json: { additionalProperties: false } } } },
      ],
    });
    expect(warnings.map(({ code, path }) => [code, path])).toEqual([
      ["dropped", "tools[0].strict"],
      ["adapted", "tools[1].input"],
    ]);
    expect(() => encoded({ tools: [{ name: "list", input: { type: "array" } }] })).toThrow(/tools\[0\]\.input/);
  });

  test.for([
    ["auto", nova, { auto: {} }, 0],
    ["required", nova, { any: {} }, 0],
    ["required", "us.meta.llama4-maverick-17b-instruct-v1:0", { auto: {} }, 1],
    ["required", "mistral.mistral-large-2402-v1:0", { any: {} }, 0],
    [{ name: "weather" }, "mistral.mistral-large-2402-v1:0", { any: {} }, 1],
  ] as const)("are chosen as far as the model can be made to: %o of %s", ([toolChoice, model, wanted, warned]) => {
    const { body, warnings } = encoded({ tools: [weather], toolChoice }, model);
    expect((body["toolConfig"] as JsonObject)["toolChoice"]).toEqual(wanted);
    expect(warnings).toHaveLength(warned);
  });

  test("are not sent where none may be called; calls and results before are then told in words", () => {
    const messages = [
      user("Weather?"),
      assistant({ type: "tool-call", id: "1", name: "weather", input: { city: "Bern" } }),
      {
        role: "tool",
        content: [{ type: "tool-result", id: "1", name: "weather", output: [{ type: "json", value: { sun: 1 } }] }],
      },
    ] satisfies Message[];
    const { body, warnings } = encoded({ messages, tools: [weather], toolChoice: "none" });
    expect(body).toEqual({
      messages: [
        { role: "user", content: [{ text: "Weather?" }] },
        { role: "assistant", content: [{ text: 'Call of the tool weather: {"city":"Bern"}' }] },
        { role: "user", content: [{ text: "Result of weather:" }, { text: '{"sun":1}' }] },
      ],
    });
    expect(warnings).toMatchObject([{ code: "adapted", path: "messages" }]);
  });
});

describe("an answer in JSON", () => {
  const schema = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };

  test("is asked for by its schema where the model takes one", () => {
    const { body, warnings } = encoded({ output: { schema, name: "place", description: "A place" } }, claude);
    expect(body["outputConfig"]).toEqual({
      textFormat: {
        type: "json_schema",
        structure: {
          jsonSchema: {
            name: "place",
            description: "A place",
            schema: JSON.stringify({ ...schema, additionalProperties: false }),
          },
        },
      },
    });
    expect(body["toolConfig"]).toBeUndefined();
    expect(warnings).toEqual([]);
  });

  test.for([
    [nova, { schema }, { json: { ...schema } }],
    [claude, {}, { json: { type: "object", additionalProperties: true } }],
    [
      claude,
      { schema: { type: "array", items: {} } },
      { json: { type: "object", properties: { value: { type: "array", items: {} } }, required: ["value"] } },
    ],
  ] as const)("is otherwise the input of a tool: %s", ([model, output, inputSchema]) => {
    const { body, warnings } = encoded({ output }, model);
    expect(body["toolConfig"]).toMatchObject({
      tools: [{ toolSpec: { name: "output", inputSchema } }],
      toolChoice: { tool: { name: "output" } },
    });
    expect(warnings).toMatchObject([{ code: "adapted", path: "output" }]);
  });

  test("is asked for in words too where no tool can be forced, and beside others any may be called", () => {
    const llama = encoded({ output: { schema } }, "meta.llama3-70b-instruct-v1:0");
    expect(llama.body["system"]).toEqual([{ text: expect.stringContaining("calling the tool `output`") }]);
    const tools = [{ name: "output", input: {} }];
    expect(encoded({ output: { schema }, tools }).body["toolConfig"]).toMatchObject({
      tools: [{ toolSpec: { name: "output" } }, { toolSpec: { name: "output_" } }],
      toolChoice: { any: {} },
    });
  });
});

describe("history", () => {
  test("keeps calls and results together, with a status for both ends", () => {
    const messages: readonly Message[] = [
      user("Weather in Bern and Chur?"),
      assistant(
        { type: "text", text: "Let me see." },
        { type: "tool-call", id: "1", name: "weather", input: { city: "Bern" } },
        { type: "tool-call", id: "2", name: "weather", input: { city: "Chur" } },
      ),
      { role: "tool", content: [{ type: "tool-result", id: "1", name: "weather", output: "sunny" }] },
      {
        role: "tool",
        content: [
          { type: "tool-result", id: "2", name: "weather", output: [{ type: "json", value: [1] }], isError: true },
        ],
      },
      user("So?"),
    ];
    expect(turnsOf(messages)).toEqual([
      { role: "user", content: [{ text: "Weather in Bern and Chur?" }] },
      {
        role: "assistant",
        content: [
          { text: "Let me see." },
          { toolUse: { toolUseId: "1", name: "weather", input: { city: "Bern" } } },
          { toolUse: { toolUseId: "2", name: "weather", input: { city: "Chur" } } },
        ],
      },
      {
        role: "user",
        content: [
          { toolResult: { toolUseId: "1", content: [{ text: "sunny" }], status: "success" } },
          { toolResult: { toolUseId: "2", content: [{ text: "[1]" }], status: "error" } },
          { text: "So?" },
        ],
      },
    ]);
    expect(
      JSON.stringify(turnsOf(messages, "us.meta.llama4-maverick-17b-instruct-v1:0")).match(/"status":"\w+"/g),
    ).toEqual(['"status":"error"']);
  });

  test("has ids made legal, what is missing told as failed, and orphans told in words", () => {
    const messages: readonly Message[] = [
      { role: "tool", content: [{ type: "tool-result", id: "x", name: "old", output: "lost" }] },
      assistant({ type: "tool-call", id: "call|é", name: "weather", input: "bare" }),
      user("Never mind."),
    ];
    const { body, warnings } = encoded({ messages, tools: [weather] });
    expect(body["messages"]).toEqual([
      { role: "user", content: [{ text: "Result of old:" }, { text: "lost" }] },
      { role: "assistant", content: [{ toolUse: { toolUseId: "call__", name: "weather", input: { value: "bare" } } }] },
      {
        role: "user",
        content: [
          { toolResult: { toolUseId: "call__", content: [{ text: "The tool gave no result." }], status: "error" } },
          { text: "Never mind." },
        ],
      },
    ]);
    expect(warnings.map(({ code }) => code)).toEqual(["adapted", "adapted"]);
  });

  test("sends signed thoughts to Claude alone, those that Anthropic signed too", () => {
    const messages = [
      user("?"),
      assistant(
        { type: "reasoning", text: "Bedrock's", providerData: { bedrock: { signature: "b" } } },
        { type: "reasoning", text: "Anthropic's", providerData: { anthropic: { signature: "a" } } },
        { type: "reasoning", text: "nobody's" },
        { type: "opaque", kind: "redactedContent", providerData: { bedrock: { value: "YWJj" } } },
        { type: "opaque", kind: "redacted_thinking", providerData: { anthropic: { data: "abc" } } },
        { type: "text", text: "So." },
      ),
      user("And?"),
    ];
    const { body, warnings } = encoded({ messages }, claude);
    expect((body["messages"] as JsonObject[])[1]).toEqual({
      role: "assistant",
      content: [
        { reasoningContent: { reasoningText: { text: "Bedrock's", signature: "b" } } },
        { reasoningContent: { reasoningText: { text: "Anthropic's", signature: "a" } } },
        { reasoningContent: { redactedContent: "YWJj" } },
        { reasoningContent: { redactedContent: "YWJj" } },
        { text: "So." },
      ],
    });
    expect(warnings).toMatchObject([{ code: "dropped", path: "messages[1].content[2]" }]);

    const toNova = encoded({ messages }, nova);
    expect((toNova.body["messages"] as JsonObject[])[1]).toEqual({ role: "assistant", content: [{ text: "So." }] });
    expect(toNova.warnings.filter(({ code }) => code === "dropped").map(({ path }) => path)).toEqual([
      "messages[1].content[0]",
      "messages[1].content[1]", // whose data it is
      "messages[1].content[1]",
      "messages[1].content[2]",
      "messages[1].content[3]",
      "messages[1].content[4]",
    ]);
  });

  test("sends back what Bedrock ran, and tells what others ran as calls with results", () => {
    const messages = [
      user("?"),
      assistant(
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
          providerData: { bedrock: { type: "nova_code_interpreter_result", status: "success" } },
        },
        { type: "tool-call", id: "w", name: "web_search", input: {}, executed: true },
        { type: "tool-result", id: "w", name: "web_search", output: "found", executed: true },
        { type: "tool-call", id: "lost", name: "web_search", input: {}, executed: true },
      ),
      user("So?"),
    ];
    const { body, warnings } = encoded({ messages, tools: [weather] });
    expect((body["messages"] as JsonObject[]).slice(1)).toEqual([
      {
        role: "assistant",
        content: [
          {
            toolUse: {
              toolUseId: "s",
              name: "nova_code_interpreter",
              input: { snippet: "1" },
              type: "server_tool_use",
            },
          },
          {
            toolResult: {
              toolUseId: "s",
              content: [{ json: { stdOut: "1" } }],
              type: "nova_code_interpreter_result",
              status: "success",
            },
          },
          { toolUse: { toolUseId: "w", name: "web_search", input: {} } },
        ],
      },
      {
        role: "user",
        content: [{ toolResult: { toolUseId: "w", content: [{ text: "found" }], status: "success" } }, { text: "So?" }],
      },
    ]);
    expect(warnings).toMatchObject([{ code: "dropped", path: "messages[1].content[4]" }]);
  });

  test("begins with the user, joins neighbours, and leaves out what is blank", () => {
    expect(turnsOf([assistant({ type: "text", text: "Welcome." }), user("A"), user(" "), user("B")])).toEqual([
      { role: "user", content: [{ text: "Begin." }] },
      { role: "assistant", content: [{ text: "Welcome." }] },
      { role: "user", content: [{ text: "A" }, { text: "B" }] },
    ]);
    expect(() => encoded({ messages: [user("  ")] })).toThrow(expect.objectContaining({ code: "invalid-request" }));
  });

  test("puts system messages first, later ones with a warning", () => {
    const messages: readonly Message[] = [
      { role: "system", content: "Be brief." },
      user("Hello"),
      { role: "system", content: "Be kind." },
    ];
    expect(encoded({ messages })).toMatchObject({
      body: { system: [{ text: "Be brief." }, { text: "Be kind." }] },
      warnings: [{ code: "adapted", path: "messages[2]" }],
    });
  });

  test("that ends with the assistant's words is gone on from by models that do it", () => {
    const messages = [user("Count."), assistant({ type: "text", text: "One, two, " })];
    expect((encoded({ messages, reasoning: "low" }, claude).body["messages"] as JsonObject[])[1]).toEqual({
      role: "assistant",
      content: [{ text: "One, two," }],
    });
    expect(encoded({ messages, reasoning: "low" }, claude).warnings).toMatchObject([
      { code: "dropped", path: "reasoning" },
    ]);
    expect(() => encoded({ messages }, "anthropic.claude-sonnet-4-6")).toThrow(
      expect.objectContaining({ code: "unsupported" }),
    );
  });

  test("says once for each provider that its data are not sent", () => {
    const part = (text: string): AssistantPart => ({ type: "text", text, providerData: { openai: { id: "1" } } });
    const { warnings } = encoded({ messages: [user("?"), assistant(part("a"), part("b")), user("!")] });
    expect(warnings).toEqual([
      { code: "dropped", path: "messages[1].content[0]", message: expect.stringContaining("openai") },
    ]);
  });

  test("sends citations back to Bedrock, and drops those of others with a warning", () => {
    const cited = (providerData: FilePart["providerData"] = {}): AssistantPart => ({
      type: "text",
      text: "So it is.",
      citations: [{ source: { type: "source", title: "A page", providerData } }],
    });
    const wire = { title: "A page", location: { documentPage: { documentIndex: 0, start: 1, end: 2 } } };
    const { body, warnings } = encoded({
      messages: [user("?"), assistant(cited({ bedrock: wire }), cited({ anthropic: {} })), user("!")],
    });
    expect((body["messages"] as JsonObject[])[1]).toEqual({
      role: "assistant",
      content: [{ citationsContent: { content: [{ text: "So it is." }], citations: [wire] } }, { text: "So it is." }],
    });
    expect(warnings).toMatchObject([{ code: "dropped", path: "messages[1].content[1].citations" }]);
  });
});

describe("marks to cache", () => {
  const mark = { providerData: { bedrock: { cachePoint: { ttl: "1h" } } } };
  const cachePoint = { cachePoint: { type: "default", ttl: "1h" } };

  test("stand after what they mark: system messages, parts, messages, tools", () => {
    const { body } = encoded({
      messages: [
        { role: "system", content: "Be brief.", ...mark },
        user([
          { type: "text", text: "A", ...mark },
          { type: "text", text: "B" },
        ]),
        { role: "assistant", content: "C", ...mark },
        user([{ type: "text", text: "D" }]),
      ],
      tools: [{ ...weather, ...mark }],
    });
    expect(body).toMatchObject({
      system: [{ text: "Be brief." }, cachePoint],
      messages: [
        { content: [{ text: "A" }, cachePoint, { text: "B" }] },
        { content: [{ text: "C" }, cachePoint] },
        { content: [{ text: "D" }] },
      ],
      toolConfig: { tools: [{ toolSpec: { name: "weather" } }, cachePoint] },
    });
  });

  test("of Anthropic's kind are taken for Claude", () => {
    const messages = [
      { ...user("A"), providerData: { anthropic: { cacheControl: { type: "ephemeral" } } } },
    ] as const satisfies Message[];
    expect(turnsOf(messages, claude)).toEqual([
      { role: "user", content: [{ text: "A" }, { cachePoint: { type: "default" } }] },
    ]);
    expect(turnsOf(messages, nova)).toEqual([{ role: "user", content: [{ text: "A" }] }]);
  });
});

describe("files", () => {
  const data = new Uint8Array([1, 2, 3]);
  const file = (mediaType: string, more: Partial<FilePart> = {}): FilePart => ({
    type: "file",
    mediaType,
    data,
    ...more,
  });
  const content = (...parts: readonly FilePart[]): unknown[] =>
    (turnsOf([user([{ type: "text", text: "See:" }, ...parts])]) as { content: unknown[] }[])[0]!.content.slice(1);

  test("are images, documents, videos and sounds, as bytes or in S3", () => {
    expect(
      content(
        file("image/PNG; q=1"),
        file("application/pdf", { filename: "The report_2026 (final).pdf" }),
        file("text/plain"),
        file("text/plain"),
        file("video/mp4", { data: new URL("s3://a-bucket/film.mp4") }),
        file("audio/mpeg"),
      ),
    ).toEqual([
      { image: { format: "png", source: { bytes: "AQID" } } },
      { document: { format: "pdf", name: "The report 2026 (final)", source: { bytes: "AQID" } } },
      { document: { format: "txt", name: "Document", source: { bytes: "AQID" } } },
      { document: { format: "txt", name: "Document 2", source: { bytes: "AQID" } } },
      { video: { format: "mp4", source: { s3Location: { uri: "s3://a-bucket/film.mp4" } } } },
      { audio: { format: "mp3", source: { bytes: "AQID" } } },
    ]);
  });

  test("carry what Bedrock is told of a document, and get a text beside them", () => {
    const own = { bedrock: { citations: { enabled: true }, cachePoint: {} } };
    const { body, warnings } = encoded({ messages: [user([file("text/csv", { providerData: own })])] });
    expect(body["messages"]).toEqual([
      {
        role: "user",
        content: [
          { document: { format: "csv", name: "Document", source: { bytes: "AQID" }, citations: { enabled: true } } },
          { cachePoint: { type: "default" } },
          { text: "See the document." },
        ],
      },
    ]);
    expect(warnings).toMatchObject([{ code: "adapted" }]);
  });

  test("of other types, and URLs that Bedrock would have to fetch, are refused by name", () => {
    expect(() => content(file("application/zip"))).toThrow(
      expect.objectContaining({ code: "unsupported", message: expect.stringContaining("messages[0].content[1]") }),
    );
    expect(() => content(file("image/png", { data: new URL("https://a.example/b.png") }))).toThrow(/s3:\/\//);
    const result = { type: "tool-result", id: "1", name: "weather", output: [file("audio/mpeg")] } as const;
    const call = assistant({ type: "tool-call", id: "1", name: "weather", input: {} });
    expect(() => turnsOf([user("?"), call, { role: "tool", content: [result] }])).toThrow(/is a sound/);
  });

  test("stand in results of tools", () => {
    const result = { type: "tool-result", id: "1", name: "weather", output: [file("image/png")] } as const;
    const call = assistant({ type: "tool-call", id: "1", name: "weather", input: {} });
    expect(turnsOf([user("?"), call, { role: "tool", content: [result] }])).toMatchObject([
      {},
      {},
      {
        content: [
          {
            toolResult: {
              content: [{ image: { format: "png", source: { bytes: "AQID" } } }],
              status: "success",
            },
          },
        ],
      },
    ]);
  });
});

test("shows a guardrail the texts that are marked for it", () => {
  const own = { bedrock: { guardContent: { qualifiers: ["query"] } } };
  expect(turnsOf([user([{ type: "text", text: "?", providerData: own }])])).toEqual([
    { role: "user", content: [{ guardContent: { text: { text: "?", qualifiers: ["query"] } } }] },
  ]);
});
