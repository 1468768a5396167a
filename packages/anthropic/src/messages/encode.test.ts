import type { AssistantPart, JsonSchema, Message, ModelRequest, TextPart, ToolResultPart } from "@plugboard/core";
import { ModelError } from "@plugboard/core";
import { describe, expect, test } from "vitest";
import type { EncodedRequest } from "./encode.ts";
import { anthropicDialect as dialect } from "./dialect.ts";
import { encodeRequest } from "./encode.ts";

const question: Message = { role: "user", content: "Hello" };

function encode(request: Partial<ModelRequest>, model = "claude-sonnet-4-6", version = "2023-06-01"): EncodedRequest {
  return encodeRequest({ messages: [question], ...request }, { model, dialect, version });
}

/** What is warned of, as `code path`. */
function told({ warnings }: EncodedRequest): string[] {
  return warnings.map(({ code, path }) => `${code} ${path}`);
}

function turnsOf({ body }: EncodedRequest): unknown {
  return body["messages"];
}

const text = (text: string): object => ({ type: "text", text });
const mark = { type: "ephemeral", ttl: "1h" };

describe("system messages", () => {
  test("at the start stand apart from the turns", () => {
    const { body } = encode({ messages: [{ role: "system", content: "Be brief." }, question] });
    expect(body).toMatchObject({ system: "Be brief.", messages: [{ role: "user", content: [text("Hello")] }] });
  });

  test("stay in the middle where the model takes them, after the user's turn", () => {
    const messages: Message[] = [question, { role: "system", content: "Now in French." }];
    const encoded = encode({ messages }, "claude-opus-4-8");
    expect(turnsOf(encoded)).toEqual([
      { role: "user", content: [text("Hello")] },
      { role: "system", content: [text("Now in French.")] },
    ]);
    expect(told(encoded)).toEqual([]);
  });

  test("in the middle go to the start for older models, with a warning", () => {
    const encoded = encode({ messages: [question, { role: "system", content: "Now in French." }] });
    expect(encoded.body["system"]).toBe("Now in French.");
    expect(told(encoded)).toEqual(["adapted messages[1]"]);
  });

  test("that do not follow the user's turn go to the start, with a warning", () => {
    const messages: Message[] = [
      question,
      { role: "assistant", content: "Hi" },
      { role: "system", content: "Rule" },
      question,
    ];
    const encoded = encode({ messages }, "claude-opus-4-8");
    expect(encoded.body["system"]).toBe("Rule");
    expect(encoded.warnings).toHaveLength(1);
  });
});

describe("turns", () => {
  test("alternate: neighbours of one role are joined", () => {
    const messages: Message[] = [question, { role: "user", content: [{ type: "text", text: "Again" }] }];
    expect(turnsOf(encode({ messages }))).toEqual([{ role: "user", content: [text("Hello"), text("Again")] }]);
  });

  test("have the results of tools first, though the user spoke before them", () => {
    const messages: Message[] = [
      question,
      { role: "assistant", content: [{ type: "tool-call", id: "a", name: "f", input: {} }] },
      { role: "user", content: "Hurry" },
      { role: "tool", content: [{ type: "tool-result", id: "a", name: "f", output: "no", isError: true }] },
    ];
    expect(turnsOf(encode({ messages }))).toEqual([
      { role: "user", content: [text("Hello")] },
      { role: "assistant", content: [{ type: "tool_use", id: "a", name: "f", input: {} }] },
      {
        role: "user",
        content: [{ type: "tool_result", tool_use_id: "a", content: "no", is_error: true }, text("Hurry")],
      },
    ]);
  });

  test("give a call without a result an error for one, and make text of a result without a call", () => {
    const messages: Message[] = [
      { role: "tool", content: [{ type: "tool-result", id: "lost", name: "f", output: "42" }] },
      { role: "assistant", content: [{ type: "tool-call", id: "a", name: "f", input: {} }] },
      question,
    ];
    const encoded = encode({ messages });
    expect(turnsOf(encoded)).toEqual([
      { role: "user", content: [text("Result of f:\n42")] },
      { role: "assistant", content: [{ type: "tool_use", id: "a", name: "f", input: {} }] },
      {
        role: "user",
        content: [
          { type: "tool_result", tool_use_id: "a", content: "The tool gave no result.", is_error: true },
          text("Hello"),
        ],
      },
    ]);
    expect(encoded.warnings.map(({ code }) => code)).toEqual(["adapted", "adapted"]);
  });

  test("have legal ids, the same for a call and its result", () => {
    const messages: Message[] = [
      question,
      {
        role: "assistant",
        content: [
          { type: "tool-call", id: "call:1", name: "f", input: {} },
          { type: "tool-call", id: "call.1", name: "f", input: {} },
        ],
      },
      {
        role: "tool",
        content: [
          { type: "tool-result", id: "call.1", name: "f", output: "second" },
          { type: "tool-result", id: "call:1", name: "f", output: "first" },
        ],
      },
    ];
    expect(turnsOf(encode({ messages }))).toMatchObject([
      {},
      { content: [{ id: "call_1" }, { id: "call_1_2" }] },
      {
        content: [
          { tool_use_id: "call_1", content: "first" },
          { tool_use_id: "call_1_2", content: "second" },
        ],
      },
    ]);
  });

  test("leave out what is empty, with a warning, and refuse a request with nothing in it", () => {
    const encoded = encode({ messages: [question, { role: "assistant", content: "" }, question] });
    expect(turnsOf(encoded)).toEqual([{ role: "user", content: [text("Hello"), text("Hello")] }]);
    expect(told(encoded)).toEqual(["adapted messages[1]"]);
    expect(() => encode({ messages: [{ role: "user", content: " " }] })).toThrow(
      expect.objectContaining({ code: "invalid-request" }),
    );
  });

  test("tell what a layer or another provider ran as calls with results", () => {
    const content: AssistantPart[] = [
      { type: "tool-call", id: "a", name: "search", input: { q: 1 }, executed: true },
      { type: "tool-result", id: "a", name: "search", output: "found", executed: true },
      { type: "text", text: "Here." },
    ];
    expect(turnsOf(encode({ messages: [question, { role: "assistant", content }, question] }))).toMatchObject([
      { role: "user" },
      { role: "assistant", content: [{ type: "tool_use", id: "a", input: { q: 1 } }] },
      { role: "user", content: [{ type: "tool_result", tool_use_id: "a", content: "found" }] },
      { role: "assistant", content: [text("Here.")] },
      { role: "user" },
    ]);
  });

  test("end with an assistant's words, without trailing blanks, where the model goes on from them", () => {
    const messages: Message[] = [question, { role: "assistant", content: "Well, \n" }];
    expect(turnsOf(encode({ messages }, "claude-haiku-4-5"))).toMatchObject([
      {},
      { role: "assistant", content: [text("Well,")] },
    ]);
    expect(() => encode({ messages }, "claude-sonnet-4-6")).toThrow(
      expect.objectContaining({ code: "unsupported", message: expect.stringContaining("claude-sonnet-4-6") }),
    );
  });
});

describe("parts", () => {
  test("that are Anthropic's are handed back untouched, signatures and opaque blocks among them", () => {
    const content: AssistantPart[] = [
      { type: "reasoning", text: "Hm", providerData: { anthropic: { signature: "s" } } },
      { type: "opaque", kind: "redacted_thinking", providerData: { anthropic: { data: "d" } } },
      {
        type: "tool-result",
        id: "srv",
        name: "web_search",
        output: [{ type: "json", value: [] }],
        executed: true,
        providerData: { anthropic: { type: "web_search_tool_result" } },
      },
      { type: "text", text: "Yes" },
    ];
    const encoded = encode({ messages: [question, { role: "assistant", content }, question] });
    expect(turnsOf(encoded)).toMatchObject([
      {},
      {
        content: [
          { type: "thinking", thinking: "Hm", signature: "s" },
          { type: "redacted_thinking", data: "d" },
          { type: "web_search_tool_result", tool_use_id: "srv", content: [] },
          text("Yes"),
        ],
      },
      {},
    ]);
    expect(encoded.warnings).toEqual([]);
  });

  test("that are another provider's are left out, each with a warning", () => {
    const content: AssistantPart[] = [
      { type: "reasoning", text: "Hm", providerData: { openai: { encrypted: "x" } } },
      { type: "opaque", kind: "web_search_call", providerData: { openai: {} } },
      { type: "source", url: "https://a.example" },
      { type: "text", text: "Yes" },
    ];
    const encoded = encode({ messages: [question, { role: "assistant", content }, question] });
    expect(turnsOf(encoded)).toMatchObject([{}, { content: [text("Yes")] }, {}]);
    expect(told(encoded)).toEqual([
      "dropped messages[1].content[0]",
      "dropped messages[1].content[0]",
      "dropped messages[1].content[1]",
      "dropped messages[1].content[2]",
    ]);
  });

  test("that Claude gave through Converse are sent as if it had given them here", () => {
    const content: AssistantPart[] = [
      { type: "reasoning", text: "Hm", providerData: { bedrock: { signature: "s" } } },
      { type: "opaque", kind: "redactedContent", providerData: { bedrock: { value: "ZA==" } } },
      { type: "text", text: "Yes", providerData: { bedrock: { cachePoint: { ttl: "1h" } } } },
    ];
    const providerData = { bedrock: { cachePoint: {} } };
    const encoded = encode({
      messages: [
        { role: "system", content: "Rules", providerData },
        question,
        { role: "assistant", content },
        question,
      ],
    });
    expect(encoded.body["system"]).toEqual([{ ...text("Rules"), cache_control: { type: "ephemeral" } }]);
    expect(turnsOf(encoded)).toMatchObject([
      {},
      {
        content: [
          { type: "thinking", thinking: "Hm", signature: "s" },
          { type: "redacted_thinking", data: "d" },
          { ...text("Yes"), cache_control: mark },
        ],
      },
      {},
    ]);
    expect(encoded.warnings).toEqual([]);
  });

  test("that are Converse's own are left out, with a warning", () => {
    const content: AssistantPart[] = [
      { type: "opaque", kind: "searchResult", providerData: { bedrock: { value: { a: 1 } } } },
      { type: "opaque", kind: "audio", providerData: { bedrock: { value: "ZA==" } } },
      { type: "opaque", kind: "redactedContent", providerData: { openai: {} } },
      { type: "text", text: "Yes", providerData: { bedrock: { guardContent: {} } } },
    ];
    const encoded = encode({ messages: [question, { role: "assistant", content }, question] });
    expect(turnsOf(encoded)).toEqual([
      { role: "user", content: [text("Hello")] },
      { role: "assistant", content: [text("Yes")] },
      { role: "user", content: [text("Hello")] },
    ]);
    expect(new Set(told(encoded))).toEqual(new Set([0, 1, 2].map((place) => `dropped messages[1].content[${place}]`)));
  });

  test("that are of a type that is younger than this adapter, or have none, are left out with a warning", () => {
    const younger = { type: "smell", text: "of roses" } as unknown as TextPart;
    const typeless = { type: "opaque", kind: "", providerData: { anthropic: {} } } as const;
    const call = { type: "tool-call", id: "a", name: "f", input: {}, executed: true } as const;
    const encoded = encode({
      messages: [
        { role: "user", content: [younger, { type: "text", text: "Hello" }] },
        { role: "assistant", content: [younger, typeless, call, { type: "text", text: "Hi" }] },
        { role: "tool", content: [typeless] },
        question,
      ],
    });
    expect(turnsOf(encoded)).toEqual([
      { role: "user", content: [text("Hello")] },
      { role: "assistant", content: [text("Hi")] },
      { role: "user", content: [text("Hello")] },
    ]);
    expect(told(encoded)).toEqual([
      "dropped messages[0].content[0]",
      ...[0, 1, 2].map((place) => `dropped messages[1].content[${place}]`),
      "dropped messages[2].content[0]",
      "adapted messages[2]",
    ]);
  });

  test("hand back what Anthropic keeps among the results, and results of its own in any form", () => {
    const kept = { type: "opaque", kind: "container_upload", providerData: { anthropic: { file_id: "f" } } } as const;
    const ran = (id: string, output: ToolResultPart["output"]): ToolResultPart => ({
      type: "tool-result",
      id,
      name: "mcp",
      output,
      executed: true,
      providerData: { anthropic: { type: "mcp_tool_result" } },
    });
    const messages: Message[] = [
      question,
      { role: "assistant", content: [ran("a", "done"), ran("b", [{ type: "text", text: "x" }]), ran("c", [])] },
      { role: "tool", content: [kept] },
      question,
    ];
    expect(turnsOf(encode({ messages }))).toEqual([
      { role: "user", content: [text("Hello")] },
      {
        role: "assistant",
        content: [
          { type: "mcp_tool_result", tool_use_id: "a", content: "done" },
          { type: "mcp_tool_result", tool_use_id: "b", content: null },
          { type: "mcp_tool_result", tool_use_id: "c", content: null },
        ],
      },
      { role: "user", content: [{ type: "container_upload", file_id: "f" }, text("Hello")] },
    ]);
  });

  test("end with what paused for a tool of Anthropic's, though the model goes on from no words", () => {
    const call = {
      type: "tool-call",
      id: "srv_1",
      name: "web_search",
      input: {},
      executed: true,
      providerData: { anthropic: { type: "server_tool_use" } },
    } as const;
    const encoded = encode({ messages: [question, { role: "assistant", content: [call] }] }, "claude-opus-4-8");
    expect(turnsOf(encoded)).toMatchObject([{ role: "user" }, { content: [{ type: "server_tool_use" }] }]);
    expect(encoded.warnings).toEqual([]);
  });

  test("end before an assistant's words that are all blanks, and with other blocks as they are", () => {
    const signed = { type: "reasoning", text: "Hm", providerData: { anthropic: { signature: "s" } } } as const;
    const ended = (content: readonly AssistantPart[]): unknown =>
      turnsOf(encode({ messages: [question, { role: "assistant", content }] }, "claude-sonnet-4-5"));
    const blank = { type: "text", text: " \n" } as const;
    expect(ended([{ type: "text", text: "So" }, blank])).toEqual([
      { role: "user", content: [text("Hello")] },
      { role: "assistant", content: [text("So")] },
    ]);
    expect(ended([signed])).toMatchObject([{}, { content: [{ type: "thinking" }] }]);
    expect(ended([blank])).toEqual([{ role: "user", content: [text("Hello")] }]);
  });

  test("ask for citations of a document, and give those back that Anthropic gave", () => {
    const cited = {
      type: "char_location",
      cited_text: "Ruby",
      document_index: 0,
      document_title: "facts",
      start_char_index: 0,
      end_char_index: 4,
      file_id: null,
    };
    const document = {
      type: "file",
      mediaType: "application/pdf",
      data: new URL("https://a.example/facts.pdf"),
      filename: "facts",
      providerData: { anthropic: { citations: { enabled: true }, context: "Of gems." } },
    } as const;
    const quoted = {
      type: "text",
      text: "Ruby.",
      citations: [
        { source: { type: "source", title: "facts", providerData: { anthropic: cited } }, quote: "Ruby" },
        { source: { type: "source", url: "https://b.example" } },
      ],
    } as const;
    const encoded = encode({
      messages: [{ role: "user", content: [document] }, { role: "assistant", content: [quoted] }, question],
    });
    const { file_id: _, ...given } = cited;
    expect(turnsOf(encoded)).toEqual([
      {
        role: "user",
        content: [
          {
            type: "document",
            source: { type: "url", url: "https://a.example/facts.pdf" },
            title: "facts",
            citations: { enabled: true },
            context: "Of gems.",
          },
        ],
      },
      { role: "assistant", content: [{ ...text("Ruby."), citations: [given] }] },
      { role: "user", content: [text("Hello")] },
    ]);
    expect(told(encoded)).toEqual(["dropped messages[1].content[0].citations"]);
  });

  test("name a file that Anthropic holds, whatever stands for its bytes", () => {
    const source = { type: "file", file_id: "file_1" };
    const data = new URL("https://a.example/held.pdf");
    const held = { type: "file", mediaType: "application/pdf", data, providerData: { anthropic: { source } } } as const;
    for (const fetchesFiles of [true, false]) {
      const options = { model: "claude-sonnet-4-6", dialect: { ...dialect, fetchesFiles }, version: "2023-06-01" };
      const encoded = encodeRequest({ messages: [{ role: "user", content: [held] }] }, options);
      expect(turnsOf(encoded)).toEqual([{ role: "user", content: [{ type: "document", source }] }]);
    }
  });

  test("that are files become images and documents, by bytes or by URL", () => {
    const content = [
      { type: "file", mediaType: "image/png", data: new Uint8Array([1, 2, 3]) },
      { type: "file", mediaType: "image/jpeg", data: new URL("https://a.example/b.jpg") },
      { type: "file", mediaType: "application/pdf", data: new Uint8Array([4]), filename: "a.pdf" },
      { type: "file", mediaType: "text/markdown", data: new TextEncoder().encode("# A") },
    ] as const;
    expect(turnsOf(encode({ messages: [{ role: "user", content }] }))).toEqual([
      {
        role: "user",
        content: [
          { type: "image", source: { type: "base64", media_type: "image/png", data: "AQID" } },
          { type: "image", source: { type: "url", url: "https://a.example/b.jpg" } },
          { type: "document", source: { type: "base64", media_type: "application/pdf", data: "BA==" }, title: "a.pdf" },
          { type: "document", source: { type: "text", media_type: "text/plain", data: "# A" } },
        ],
      },
    ]);
  });

  test("that are files of an unknown type are refused, naming the type and where it stands", () => {
    const content = [{ type: "file", mediaType: "audio/wav", data: new Uint8Array([1]) }] as const;
    const refused = (): unknown => encode({ messages: [{ role: "user", content }] });
    expect(refused).toThrow(ModelError);
    expect(refused).toThrow(
      expect.objectContaining({
        code: "unsupported",
        message: expect.stringMatching(/messages\[0\]\.content\[0\].*audio\/wav/),
      }),
    );
  });

  test("that are results may hold images", () => {
    const messages: Message[] = [
      question,
      { role: "assistant", content: [{ type: "tool-call", id: "a", name: "shoot", input: {} }] },
      {
        role: "tool",
        content: [
          {
            type: "tool-result",
            id: "a",
            name: "shoot",
            output: [
              { type: "json", value: { ok: true } },
              { type: "file", mediaType: "image/png", data: new Uint8Array([1]) },
            ],
          },
        ],
      },
    ];
    expect(turnsOf(encode({ messages }))).toMatchObject([
      {},
      {},
      { content: [{ content: [text('{"ok":true}'), { type: "image" }] }] },
    ]);
  });

  test("carry cache marks, as messages and tools do", () => {
    const providerData = { anthropic: { cacheControl: mark } };
    const { body } = encode({
      messages: [
        { role: "system", content: "Rules", providerData },
        {
          role: "user",
          content: [
            { type: "text", text: "A", providerData },
            { type: "text", text: "B" },
          ],
        },
        { role: "user", content: "C", providerData },
      ],
      tools: [{ name: "f", input: { type: "object" }, providerData }],
    });
    expect(body).toMatchObject({
      system: [{ ...text("Rules"), cache_control: mark }],
      messages: [
        { content: [{ ...text("A"), cache_control: mark }, text("B"), { ...text("C"), cache_control: mark }] },
      ],
      tools: [{ name: "f", cache_control: mark }],
    });
  });
});

describe("thinking", () => {
  test.each([
    ["claude-3-5-haiku-20241022", "high", undefined, undefined],
    ["claude-sonnet-4-5", "high", { type: "enabled", budget_tokens: 16_384 }, undefined],
    ["claude-sonnet-4-6", "medium", { type: "adaptive" }, { effort: "medium" }],
    ["claude-sonnet-4-6", { budgetTokens: 2000 }, { type: "enabled", budget_tokens: 2000 }, undefined],
    ["claude-opus-4-7", "max", { type: "adaptive", display: "summarized" }, { effort: "max" }],
    ["claude-opus-4-7", { budgetTokens: 5000 }, { type: "adaptive", display: "summarized" }, { effort: "medium" }],
    ["claude-opus-4-8", "none", undefined, undefined],
    ["claude-sonnet-5", "none", { type: "disabled" }, undefined],
    ["claude-fable-5", "none", undefined, { effort: "low" }],
  ] as const)("of %s for %j", (model, reasoning, thinking, config) => {
    const { body } = encode({ reasoning }, model);
    expect(body["thinking"]).toEqual(thinking);
    expect(body["output_config"]).toEqual(config);
  });

  test("has its budget within what may be written, and on top of it where nothing is said", () => {
    expect(encode({ reasoning: "medium" }, "claude-sonnet-4-5").body).toMatchObject({
      max_tokens: 24_192,
      thinking: { budget_tokens: 8192 },
    });
    const tight = encode({ reasoning: { budgetTokens: 9000 }, maxOutputTokens: 5000 }, "claude-sonnet-4-5");
    expect(tight.body).toMatchObject({ max_tokens: 5000, thinking: { budget_tokens: 4000 } });
    expect(told(tight)).toEqual(["adapted reasoning"]);
    const tiny = encode({ reasoning: "high", maxOutputTokens: 500 }, "claude-sonnet-4-5");
    expect(tiny.body["thinking"]).toBeUndefined();
    expect(told(tiny)).toEqual(["dropped reasoning"]);
  });

  test("takes no temperature and no forced tool", () => {
    const tools = [{ name: "f", input: { type: "object" } }];
    const encoded = encode(
      { reasoning: "high", temperature: 0.2, topK: 5, tools, toolChoice: "required" },
      "claude-sonnet-4-5",
    );
    expect(encoded.body).toMatchObject({ tool_choice: { type: "auto" } });
    expect(encoded.body).not.toHaveProperty("temperature");
    expect(told(encoded)).toEqual(["adapted toolChoice", "dropped temperature", "dropped topK"]);
  });

  test("is left off where the model goes on from an assistant's words", () => {
    const messages: Message[] = [question, { role: "assistant", content: "So" }];
    const encoded = encode({ messages, reasoning: "high" }, "claude-sonnet-4-5");
    expect(encoded.body).not.toHaveProperty("thinking");
    expect(told(encoded)).toEqual(["dropped reasoning"]);
  });

  test("that nobody asked for is turned off for a forced tool", () => {
    const encoded = encode(
      { tools: [{ name: "f", input: { type: "object" } }], toolChoice: { name: "f" } },
      "claude-sonnet-5",
    );
    expect(encoded.body).toMatchObject({ thinking: { type: "disabled" }, tool_choice: { type: "tool", name: "f" } });
    expect(told(encoded)).toEqual(["adapted toolChoice"]);
  });

  test("that is hidden is known before the answer, so that no clock runs for its first word", () => {
    expect(encode({}, "claude-sonnet-5").hiddenReasoning).toBe(true);
    expect(encode({ reasoning: "high" }, "claude-sonnet-5").hiddenReasoning).toBe(false);
    expect(encode({}, "claude-sonnet-4-6").hiddenReasoning).toBe(false);
  });
});

describe("sampling", () => {
  test("is sent to models that take it", () => {
    expect(encode({ temperature: 0.5, topK: 4 }).body).toMatchObject({ temperature: 0.5, top_k: 4 });
  });

  test("is dropped with a warning for later models, and in the later version of the API", () => {
    const asked = { temperature: 0.5, topP: 0.5, topK: 4 };
    for (const encoded of [encode(asked, "claude-opus-4-7"), encode(asked, "claude-haiku-4-5", "2026-10-21")]) {
      expect(encoded.body).not.toHaveProperty("temperature");
      expect(told(encoded)).toEqual(["dropped temperature", "dropped topP", "dropped topK"]);
    }
  });

  test("has a temperature of 1 at most, and one of temperature and topP for models from 4.1 on", () => {
    const encoded = encode({ temperature: 1.5, topP: 0.5 });
    expect(encoded.body).toMatchObject({ temperature: 1 });
    expect(told(encoded)).toEqual(["adapted temperature", "dropped topP"]);
    expect(encode({ temperature: 0.5, topP: 0.5 }, "claude-sonnet-4-0").body).toMatchObject({
      temperature: 0.5,
      top_p: 0.5,
    });
  });
});

describe("an answer in JSON", () => {
  const schema: JsonSchema = {
    type: "object",
    properties: { n: { type: "integer" } },
    required: ["n"],
    additionalProperties: false,
  };

  test("is held to its schema by models that take one", () => {
    const encoded = encode({ output: { schema, description: "A number" } });
    expect(encoded.body["output_config"]).toEqual({
      format: { type: "json_schema", schema: { ...schema, description: "A number" } },
    });
    expect(encoded.outputTool).toBeUndefined();
  });

  test("comes from a tool for older models, open schemas and no schema, with a warning", () => {
    for (const encoded of [
      encode({ output: { schema } }, "claude-sonnet-4-0"),
      encode({ output: { schema: { type: "object" } } }),
      encode({ output: {} }),
    ]) {
      expect(encoded.body).toMatchObject({
        tools: [{ name: "output" }],
        tool_choice: { type: "tool", name: "output" },
      });
      expect(encoded.outputTool).toMatchObject({ name: "output", wrapped: false });
      expect(told(encoded)).toEqual(["adapted output"]);
    }
  });

  test("may come after calls of other tools", () => {
    const tools = [{ name: "output", input: { type: "object" } }];
    const encoded = encode({ output: { schema }, tools }, "claude-sonnet-4-0");
    expect(encoded.body).toMatchObject({
      tools: [{ name: "output" }, { name: "output_" }],
      tool_choice: { type: "any" },
    });
  });

  test("is asked for in words where a tool cannot be forced", () => {
    const encoded = encode({ output: {} }, "claude-fable-5");
    expect(encoded.body).toMatchObject({ tool_choice: { type: "auto" }, system: expect.stringContaining("`output`") });
  });
});

describe("tools", () => {
  test("of Anthropic's own are named as it wants them; those of others are dropped with a warning", () => {
    const encoded = encode({
      tools: [
        { type: "provider", id: "anthropic.web_search_20260318", options: { max_uses: 2 } },
        { type: "provider", id: "anthropic.text_editor_20250728", name: "editor" },
        { type: "provider", id: "openai.web_search" },
      ],
      toolChoice: { name: "editor" },
    });
    expect(encoded.body).toMatchObject({
      tools: [
        { type: "web_search_20260318", name: "web_search", max_uses: 2 },
        { type: "text_editor_20250728", name: "str_replace_based_edit_tool" },
      ],
      tool_choice: { type: "tool", name: "str_replace_based_edit_tool" },
    });
    expect(encoded.names.toOurs("str_replace_based_edit_tool")).toBe("editor");
    expect(told(encoded)).toEqual(["dropped tools[2]"]);
  });

  test("that are not sent cannot be asked for", () => {
    const tools = [
      { type: "provider", id: "openai.web_search" },
      { name: "f", input: { type: "object" } },
    ] as const;
    const encoded = encode({ tools, toolChoice: { name: "openai.web_search" } });
    expect(encoded.body).not.toHaveProperty("tool_choice");
    expect(told(encoded)).toEqual(["dropped tools[0]", "dropped toolChoice"]);
  });

  test("have legal names, no two the same, known again in the answer", () => {
    const names = ["a.b", "a b", "a_b", "x".repeat(200)];
    const encoded = encode({ tools: names.map((name) => ({ name, input: { type: "object" } })) });
    const sent = (encoded.body["tools"] as unknown as { name: string }[]).map(({ name }) => name);
    expect(new Set(sent).size).toBe(4);
    for (const name of sent) expect(name).toMatch(/^[a-zA-Z0-9_-]{1,128}$/);
    expect(sent.map((name) => encoded.names.toOurs(name))).toEqual(names);
  });

  test("that are strict have a schema that Anthropic can hold to, or are not", () => {
    const closed = { type: "object", properties: { n: { type: "number" } } };
    const encoded = encode({
      tools: [
        { name: "f", input: closed, strict: true },
        { name: "g", input: { type: "object" }, strict: true },
      ],
    });
    expect(encoded.body["tools"]).toEqual([
      { name: "f", input_schema: { ...closed, additionalProperties: false }, strict: true },
      { name: "g", input_schema: { type: "object" } },
    ]);
    expect(told(encoded)).toEqual(["dropped tools[1].strict"]);
  });

  test("are streamed as they are written where the application asks for it", () => {
    const { body } = encode({
      tools: [
        {
          name: "f",
          input: { type: "object" },
          providerData: { anthropic: { eager_input_streaming: true, defer_loading: true } },
        },
      ],
    });
    expect(body["tools"]).toEqual([
      { name: "f", input_schema: { type: "object" }, eager_input_streaming: true, defer_loading: true },
    ]);
  });

  test("that are strict are so as far as a request has room for it, the schema of the answer first", () => {
    const input = {
      type: "object",
      properties: Object.fromEntries(Array.from({ length: 13 }, (_, place) => [`p${place}`, { type: "string" }])),
      additionalProperties: false,
    };
    const tools = ["f", "g"].map((name) => ({ name, input, strict: true }));
    const encoded = encode({ tools, output: { schema: input } });
    expect(encoded.body["output_config"]).toMatchObject({ format: { schema: input } });
    expect(encoded.body["tools"]).toEqual(["f", "g"].map((name) => ({ name, input_schema: input })));
    expect(told(encoded)).toEqual(["dropped tools[0].strict", "dropped tools[1].strict"]);
    expect(encode({ tools }).body["tools"]).toMatchObject([{ strict: true }, { input_schema: input }]);
  });

  test("that are strict are not so for models that cannot be held to a schema, with a warning", () => {
    const input = { type: "object", properties: {}, additionalProperties: false };
    const encoded = encode({ tools: [{ name: "f", input, strict: true }] }, "claude-sonnet-4-0");
    expect(encoded.body["tools"]).toEqual([{ name: "f", input_schema: input }]);
    expect(told(encoded)).toEqual(["dropped tools[0].strict"]);
  });

  test("must take an object", () => {
    expect(() => encode({ tools: [{ name: "f", input: { type: "array" } }] })).toThrow(
      expect.objectContaining({ code: "invalid-request", message: expect.stringContaining("tools[0].input") }),
    );
  });
});

describe("the rest", () => {
  test("that Anthropic cannot do is refused or dropped, by name", () => {
    expect(() => encode({ suffix: "}" })).toThrow(
      expect.objectContaining({ code: "unsupported", message: expect.stringContaining("suffix") }),
    );
    expect(() => encode({ stop: ["END", " "] })).toThrow(
      expect.objectContaining({ code: "invalid-request", message: expect.stringContaining("stop[1]") }),
    );
    expect(told(encode({ seed: 1, presencePenalty: 1, frequencyPenalty: 1 }))).toEqual([
      "dropped seed",
      "dropped presencePenalty",
      "dropped frequencyPenalty",
    ]);
  });

  test("has a limit for the answer that every model of its kind allows", () => {
    const limits = ["claude-3-haiku-20240307", "claude-3-5-sonnet-20241022", "claude-sonnet-4-6"].map(
      (model) => encode({}, model).body["max_tokens"],
    );
    expect(limits).toEqual([4096, 8192, 16_000]);
  });

  test("that the application wrote for Anthropic goes over ours, and only for Anthropic", () => {
    const schema = { type: "object", properties: { n: { type: "null" } }, additionalProperties: false };
    const { body } = encode({
      output: { schema },
      reasoning: "low",
      providerOptions: {
        anthropic: { thinking: { type: "disabled" }, output_config: { effort: "max" }, metadata: { user_id: "u" } },
        openai: { user: "u" },
      },
    });
    expect(body).toMatchObject({
      thinking: { type: "disabled" },
      output_config: { effort: "max", format: { schema } },
      metadata: { user_id: "u" },
    });
    expect(body["thinking"]).toEqual({ type: "disabled" });
    expect(body).not.toHaveProperty("user");
  });
});
