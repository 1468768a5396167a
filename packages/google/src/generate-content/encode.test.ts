import type { Json, JsonObject, Message, ModelRequest, Warning } from "@plugboard/core";
import { describe, expect, test } from "vitest";
import { encodeRequest } from "./encode.ts";

const user: Message = { role: "user", content: "Hello" };

function encoded(
  request: Partial<ModelRequest>,
  model = "gemini-3.5-flash",
): { body: JsonObject; warnings: readonly Warning[] } {
  return encodeRequest({ messages: [user], ...request }, model);
}

const contentsOf = (messages: readonly Message[], model?: string): Json | undefined =>
  encoded({ messages }, model).body["contents"];
const configOf = (request: Partial<ModelRequest>, model?: string): Json | undefined =>
  encoded(request, model).body["generationConfig"];
const paths = ({ warnings }: { warnings: readonly Warning[] }): unknown =>
  warnings.map(({ code, path }) => [code, path]);

describe("a conversation", () => {
  test("has its rules apart, wherever they stand, and its turns joined", () => {
    const result = encoded({
      messages: [
        { role: "system", content: "Be brief." },
        user,
        { role: "user", content: [{ type: "text", text: "Are you there?" }] },
        { role: "system", content: "Be kind." },
        { role: "assistant", content: "Yes." },
        { role: "assistant", content: [{ type: "text", text: "" }] },
        { role: "user", content: "Good." },
      ],
    });
    expect(result.body).toEqual({
      systemInstruction: { parts: [{ text: "Be brief." }, { text: "Be kind." }] },
      contents: [
        { role: "user", parts: [{ text: "Hello" }, { text: "Are you there?" }] },
        { role: "model", parts: [{ text: "Yes." }] },
        { role: "user", parts: [{ text: "Good." }] },
      ],
    });
    expect(paths(result)).toEqual([
      ["adapted", "messages[3]"],
      ["adapted", "messages[5]"],
    ]);
  });

  test("of Gemini's own goes back as it came", () => {
    const parts = [
      { text: "Hm.", thought: true },
      { executableCode: { language: "PYTHON", code: "1" }, thoughtSignature: "s0" },
      { codeExecutionResult: { outcome: "OUTCOME_OK", output: "1" } },
      { functionCall: { id: "a1", name: "look", args: { x: 1 } }, thoughtSignature: "s1" },
      { functionCall: { id: "a2", name: "look", args: {} } },
      { text: "", thoughtSignature: "s2" },
    ];
    const google = (data: JsonObject): { providerData: { google: JsonObject } } => ({ providerData: { google: data } });
    const result = encoded({
      messages: [
        user,
        {
          role: "assistant",
          content: [
            { type: "reasoning", text: "Hm.", ...google({ thought: true }) },
            {
              type: "tool-call",
              id: "c",
              name: "code_execution",
              input: {},
              executed: true,
              ...google({ part: parts[1]! }),
            },
            {
              type: "tool-result",
              id: "c",
              name: "code_execution",
              output: "1",
              executed: true,
              ...google({ part: parts[2]! }),
            },
            {
              type: "tool-call",
              id: "a1",
              name: "look",
              input: { x: 1 },
              ...google({ id: "a1", thoughtSignature: "s1" }),
            },
            { type: "tool-call", id: "a2", name: "look", input: {}, ...google({ id: "a2" }) },
            { type: "text", text: "", ...google({ thoughtSignature: "s2" }) },
            { type: "source", url: "https://a.example", ...google({ web: {} }) },
          ],
        },
        {
          role: "tool",
          content: [
            { type: "tool-result", id: "a2", name: "look", output: "two" },
            { type: "tool-result", id: "a1", name: "look", output: [{ type: "json", value: [1] }], isError: true },
          ],
        },
      ],
    });
    expect(result.warnings).toEqual([]);
    expect(result.body["contents"]).toEqual([
      { role: "user", parts: [{ text: "Hello" }] },
      { role: "model", parts },
      {
        role: "user",
        parts: [
          { functionResponse: { id: "a1", name: "look", response: { error: [1] } } },
          { functionResponse: { id: "a2", name: "look", response: { output: "two" } } },
        ],
      },
    ]);
  });

  test("of others loses what is theirs, with a word for each, and keeps the rest", () => {
    const result = encoded({
      messages: [
        user,
        {
          role: "assistant",
          content: [
            { type: "reasoning", text: "Hm.", providerData: { anthropic: { signature: "x" } } },
            { type: "text", text: "I look.", citations: [{ source: { type: "source", url: "https://a.example" } }] },
            { type: "tool-call", id: "toolu_1", name: "search", input: { q: "a" }, executed: true },
            { type: "tool-result", id: "toolu_1", name: "search", output: "found", executed: true },
            { type: "tool-call", id: "srv_2", name: "browse", input: {}, executed: true },
            { type: "tool-call", id: "call:1", name: "where am I?", input: "not json", raw: "not json", invalid: true },
            { type: "opaque", kind: "web_search_call", providerData: { openai: { id: "ws" } } },
          ],
        },
        { role: "tool", content: [{ type: "tool-result", id: "call:1", name: "where am I?", output: "Here" }] },
        { role: "user", content: "And?" },
      ],
    });
    expect(result.body["contents"]).toEqual([
      { role: "user", parts: [{ text: "Hello" }] },
      {
        role: "model",
        parts: [
          { text: "I look." },
          { functionCall: { name: "search", args: { q: "a" } }, thoughtSignature: "skip_thought_signature_validator" },
        ],
      },
      { role: "user", parts: [{ functionResponse: { name: "search", response: { output: "found" } } }] },
      {
        role: "model",
        parts: [
          {
            functionCall: { name: "where_am_I_", args: { value: "not json" } },
            thoughtSignature: "skip_thought_signature_validator",
          },
        ],
      },
      { role: "user", parts: [{ functionResponse: { name: "where_am_I_", response: { output: "Here" } } }] },
      { role: "user", parts: [{ text: "And?" }] },
    ]);
    expect(paths(result)).toEqual([
      ["dropped", "messages[1].content[0]"], // data of anthropic
      ["dropped", "messages[1].content[0]"], // the thoughts
      ["dropped", "messages[1].content[1].citations"],
      ["dropped", "messages[1].content[4]"], // a call without its result
      ["adapted", "messages[1].content[5]"], // arguments
      ["dropped", "messages[1].content[6]"], // data of openai
      ["dropped", "messages[1].content[6]"], // the opaque part
      ["adapted", "messages"], // signatures
    ]);
  });

  test("with holes is mended: a call without a result, a result without a call, one that comes late", () => {
    const messages: Message[] = [
      {
        role: "assistant",
        content: [
          { type: "tool-call", id: "1", name: "a", input: {} },
          { type: "tool-call", id: "2", name: "b", input: {} },
        ],
      },
      user,
      {
        role: "tool",
        content: [
          { type: "tool-result", id: "2", name: "b", output: "late" },
          { type: "tool-result", id: "9", name: "z", output: [{ type: "json", value: { n: 1 } }] },
        ],
      },
    ];
    const result = encoded({ messages }, "gemini-2.5-flash");
    expect(result.body["contents"]).toEqual([
      { role: "user", parts: [{ text: "Go on." }] },
      { role: "model", parts: [{ functionCall: { name: "a", args: {} } }, { functionCall: { name: "b", args: {} } }] },
      {
        role: "user",
        parts: [
          { functionResponse: { name: "a", response: { error: "The tool gave no result." } } },
          { functionResponse: { name: "b", response: { output: "late" } } },
        ],
      },
      { role: "user", parts: [{ text: "Hello" }, { text: 'Result of z:\n{"n":1}' }] },
    ]);
    expect(result.warnings.map(({ message }) => message)).toEqual([
      expect.stringContaining("call 1 has no result"),
      expect.stringContaining("result 9 answers no call"),
      expect.stringContaining("begins with a call"),
    ]);
  });

  test("gives each of two calls of one id its own result", () => {
    const call = (x: number): Message => ({
      role: "assistant",
      content: [{ type: "tool-call", id: "same", name: "a", input: { x } }],
    });
    const result = (output: string): Message => ({
      role: "tool",
      content: [{ type: "tool-result", id: "same", name: "a", output }],
    });
    const contents = contentsOf([user, call(1), result("one"), call(2), result("two")], "gemini-2.5-flash");
    expect(JSON.stringify(contents)).toMatch(/"x":1.*"one".*"x":2.*"two"/);
    const unanswered = contentsOf([user, call(1), user, call(2), result("two")], "gemini-2.5-flash");
    expect(JSON.stringify(unanswered)).toMatch(/"x":1.*"error".*"x":2.*"two"/);
  });

  test("gives a call that was run elsewhere the result beside it, though its id comes again", () => {
    const result = encoded(
      {
        messages: [
          user,
          {
            role: "assistant",
            content: [
              { type: "tool-call", id: "1", name: "9lives", input: {}, executed: true },
              { type: "tool-result", id: "1", name: "9lives", output: "near", executed: true },
              { type: "opaque", kind: "a", providerData: { openai: {} } },
              { type: "opaque", kind: "b", providerData: { openai: {} } },
            ],
          },
          { role: "tool", content: [{ type: "tool-result", id: "1", name: "9lives", output: "far" }] },
        ],
      },
      "gemini-2.5-flash",
    );
    expect(result.body["contents"]).toEqual([
      { role: "user", parts: [{ text: "Hello" }] },
      { role: "model", parts: [{ functionCall: { name: "_9lives", args: {} } }] },
      { role: "user", parts: [{ functionResponse: { name: "_9lives", response: { output: "near" } } }] },
      { role: "user", parts: [{ text: "Result of 9lives:\nfar" }] },
    ]);
    const ofOpenai = result.warnings.filter(({ message }) => message.includes("the provider openai"));
    expect(ofOpenai).toHaveLength(1);
  });

  test("hands back what Google keeps among the results, and leaves out what is younger than this adapter", () => {
    const younger = { type: "smell", text: "of roses" } as unknown as { type: "text"; text: string };
    const kept = { type: "opaque", kind: "videoMetadata", providerData: { google: { videoMetadata: {} } } } as const;
    const result = encoded({
      messages: [
        { role: "user", content: [{ type: "text", text: "Hello" }, younger] },
        { role: "assistant", content: [younger, { type: "text", text: "Hi" }] },
        { role: "tool", content: [kept] },
      ],
    });
    expect(result.body["contents"]).toEqual([
      { role: "user", parts: [{ text: "Hello" }] },
      { role: "model", parts: [{ text: "Hi" }] },
      { role: "user", parts: [{ videoMetadata: {} }] },
    ]);
    expect(paths(result)).toEqual([
      ["dropped", "messages[0].content[1]"],
      ["dropped", "messages[1].content[0]"],
    ]);
  });

  test("with nothing in it is refused", () => {
    expect(() =>
      encoded({
        messages: [
          { role: "system", content: "x" },
          { role: "user", content: "" },
        ],
      }),
    ).toThrow(expect.objectContaining({ code: "invalid-request" }));
  });

  test("tells a model without system messages in the user's first words", () => {
    const result = encoded({ messages: [{ role: "system", content: "Be brief." }, user] }, "gemma-3-27b-it");
    expect(result.body).toEqual({ contents: [{ role: "user", parts: [{ text: "Be brief." }, { text: "Hello" }] }] });
    expect(paths(result)).toEqual([["adapted", "messages"]]);
  });
});

describe("files", () => {
  const png = { type: "file", mediaType: "image/png", data: new Uint8Array([1, 2, 3]) } as const;

  test("are sent along, or named by their address", () => {
    const contents = contentsOf([
      {
        role: "user",
        content: [
          png,
          { type: "file", mediaType: "application/json", data: new TextEncoder().encode("{}") },
          { type: "file", mediaType: "image/*", data: new URL("https://a.example/b.png") },
          { type: "file", mediaType: "video/mp4", data: new URL("gs://bucket/a.mp4") },
        ],
      },
    ]);
    expect(contents).toEqual([
      {
        role: "user",
        parts: [
          { inlineData: { mimeType: "image/png", data: "AQID" } },
          { inlineData: { mimeType: "text/plain", data: "e30=" } },
          { fileData: { fileUri: "https://a.example/b.png" } },
          { fileData: { mimeType: "video/mp4", fileUri: "gs://bucket/a.mp4" } },
        ],
      },
    ]);
  });

  test("of an unknown type are refused with the types that are taken", () => {
    const zip = { type: "file", mediaType: "application/zip", data: new Uint8Array([1]) } as const;
    expect(() => contentsOf([{ role: "user", content: [zip] }])).toThrow(
      /messages\[0\]\.content\[0\].*application\/zip.*image/,
    );
  });

  test("in results stand there from Gemini 3 on, and are the user's before", () => {
    const messages: Message[] = [
      user,
      { role: "assistant", content: [{ type: "tool-call", id: "1", name: "draw", input: {} }] },
      {
        role: "tool",
        content: [{ type: "tool-result", id: "1", name: "draw", output: [{ type: "text", text: "Done" }, png] }],
      },
    ];
    const inline = { inlineData: { mimeType: "image/png", data: "AQID" } };
    const response = { name: "draw", response: { output: "Done" } };
    expect((contentsOf(messages) as Json[]).at(-1)).toEqual({
      role: "user",
      parts: [{ functionResponse: { ...response, parts: [inline] } }],
    });
    expect((contentsOf(messages, "gemini-2.5-pro") as Json[]).slice(-2)).toEqual([
      { role: "user", parts: [{ functionResponse: response }] },
      { role: "user", parts: [{ text: "Files from draw:" }, inline] },
    ]);
  });
});

describe("thinking", () => {
  test.each([
    ["gemini-3.5-flash", "minimal", { thinkingLevel: "MINIMAL", includeThoughts: true }, false],
    ["gemini-3.5-flash", "max", { thinkingLevel: "HIGH", includeThoughts: true }, true],
    ["gemini-3.5-flash", "none", { thinkingLevel: "MINIMAL" }, true],
    ["gemini-3.5-flash", { budgetTokens: 4000 }, { thinkingLevel: "LOW", includeThoughts: true }, true],
    ["gemini-3-pro-preview", "medium", { thinkingLevel: "HIGH", includeThoughts: true }, true],
    ["gemini-3-pro-preview", "low", { thinkingLevel: "LOW", includeThoughts: true }, false],
    ["gemini-3.1-pro-preview", "medium", { thinkingLevel: "MEDIUM", includeThoughts: true }, false],
    ["gemini-2.5-flash", "low", { thinkingBudget: 2048, includeThoughts: true }, false],
    ["gemini-2.5-flash", "max", { thinkingBudget: 24_576, includeThoughts: true }, false],
    ["gemini-2.5-flash", "none", { thinkingBudget: 0 }, false],
    ["gemini-2.5-flash", { budgetTokens: 0 }, { thinkingBudget: 0 }, false],
    ["gemini-2.5-flash", { budgetTokens: 99_999 }, { thinkingBudget: 24_576, includeThoughts: true }, true],
    ["gemini-2.5-flash-lite", { budgetTokens: 100 }, { thinkingBudget: 512, includeThoughts: true }, true],
    ["gemini-2.5-pro", "none", { thinkingBudget: 128 }, true],
    ["gemini-2.5-pro", "max", { thinkingBudget: 32_768, includeThoughts: true }, false],
    ["gemini-2.0-flash", "high", undefined, true],
    ["gemini-2.0-flash", "none", undefined, false],
  ] as const)("of %s asked for %j is %j", (model, reasoning, thinkingConfig, warned) => {
    const result = encoded({ reasoning }, model);
    expect(result.body["generationConfig"]).toEqual(thinkingConfig && { thinkingConfig });
    expect(paths(result)).toEqual(warned ? [[thinkingConfig ? "adapted" : "dropped", "reasoning"]] : []);
  });

  test("is left off where there is no room for it", () => {
    const result = encoded({ reasoning: { budgetTokens: 5000 }, maxOutputTokens: 1 }, "gemini-2.5-flash");
    expect(result.body["generationConfig"]).toEqual({ maxOutputTokens: 1, thinkingConfig: { thinkingBudget: 0 } });
    expect(paths(result)).toEqual([["adapted", "reasoning"]]);
  });

  test("leaves room for the answer", () => {
    const result = encoded({ reasoning: { budgetTokens: 5000 }, maxOutputTokens: 2000 }, "gemini-2.5-flash");
    expect(result.body["generationConfig"]).toMatchObject({
      maxOutputTokens: 2000,
      thinkingConfig: { thinkingBudget: 1600 },
    });
  });
});

describe("tools", () => {
  const weather = {
    name: "weather",
    description: "Tells the weather.",
    input: {
      type: "object",
      properties: { city: { type: "string" } },
      required: ["city"],
      additionalProperties: false,
    },
  };
  const now = { name: "now", input: { type: "object", properties: {} } };

  test("are declared in Google's own kind of schema, without one where they take nothing", () => {
    const { body, warnings } = encoded({ tools: [weather, now] });
    expect(body["tools"]).toEqual([
      {
        functionDeclarations: [
          {
            name: "weather",
            description: "Tells the weather.",
            parameters: {
              type: "OBJECT",
              properties: { city: { type: "STRING" } },
              required: ["city"],
              propertyOrdering: ["city"],
            },
          },
          { name: "now" },
        ],
      },
    ]);
    expect(warnings).toEqual([]);
  });

  test("with schemas outside of that kind are declared in JSON Schema, or in words", () => {
    const input = { type: "object", properties: { map: { type: "object", additionalProperties: { type: "number" } } } };
    const declared = (model: string): unknown =>
      (encoded({ tools: [{ name: "a", input }] }, model).body["tools"] as JsonObject[])[0]!["functionDeclarations"];
    expect(declared("gemini-2.5-flash")).toEqual([{ name: "a", parametersJsonSchema: input }]);
    expect(declared("gemini-2.0-flash")).toEqual([
      { name: "a", description: `The arguments fit this JSON Schema: ${JSON.stringify(input)}` },
    ]);
  });

  test.each([
    ["auto", { mode: "AUTO" }],
    ["none", { mode: "NONE" }],
    ["required", { mode: "ANY" }],
    [{ name: "now" }, { mode: "ANY", allowedFunctionNames: ["now"] }],
  ] as const)("are chosen from: %j", (toolChoice, functionCallingConfig) => {
    expect(encoded({ tools: [weather, now], toolChoice }).body["toolConfig"]).toEqual({ functionCallingConfig });
  });

  test("that are strict are held to their schemas", () => {
    const tools = [{ ...weather, strict: true }];
    expect(encoded({ tools }).body["toolConfig"]).toEqual({ functionCallingConfig: { mode: "VALIDATED" } });
    expect(paths(encoded({ tools }, "gemini-2.0-flash"))).toEqual([["dropped", "tools[0].strict"]]);
  });

  test("of Google's are named as its API names them, and stand beside ours from Gemini 3 on", () => {
    const tools = [
      { type: "provider", id: "google.google_search" },
      { type: "provider", id: "google.file_search", options: { fileSearchStoreNames: ["a"] } },
      { type: "provider", id: "openai.web_search" },
      now,
    ] as const;
    const newest = encoded({ tools });
    expect(newest.body).toMatchObject({
      tools: [
        { functionDeclarations: [{ name: "now" }] },
        { googleSearch: {} },
        { fileSearch: { fileSearchStoreNames: ["a"] } },
      ],
      toolConfig: { includeServerSideToolInvocations: true },
    });
    expect(paths(newest)).toEqual([["dropped", "tools[2]"]]);
    const older = encoded({ tools }, "gemini-2.5-pro");
    expect(older.body["tools"]).toEqual([{ functionDeclarations: [{ name: "now" }] }]);
    expect(paths(older)).toEqual([
      ["dropped", "tools[2]"],
      ["dropped", "tools"],
    ]);
  });

  test("can be asked for by name where they are the application's", () => {
    const tools = [{ name: "look up", input: { type: "object" } }];
    expect(encoded({ tools, toolChoice: { name: "look up" } }).body["toolConfig"]).toEqual({
      functionCallingConfig: { mode: "ANY", allowedFunctionNames: ["look_up"] },
    });
    expect(paths(encoded({ tools, toolChoice: { name: "other" } }))).toEqual([
      ["adapted", "tools[0].name"],
      ["dropped", "toolChoice"],
    ]);
  });

  test("whose input is no object are refused", () => {
    expect(() => encoded({ tools: [{ name: "a", input: { type: "string" } }] })).toThrow(/tools\[0\]\.input/);
  });
});

describe("an answer in JSON", () => {
  const schema = {
    type: "object",
    properties: { n: { type: "integer" } },
    required: ["n"],
    additionalProperties: false,
  };

  test("is held to Google's own kind of schema, to JSON Schema, or to none", () => {
    const json = { responseMimeType: "application/json" };
    expect(configOf({ output: { schema } })).toEqual({
      ...json,
      responseSchema: {
        type: "OBJECT",
        properties: { n: { type: "INTEGER" } },
        required: ["n"],
        propertyOrdering: ["n"],
      },
    });
    const open = { type: "object", additionalProperties: { type: "string" } };
    expect(configOf({ output: { schema: open } })).toEqual({ ...json, responseJsonSchema: open });
    const day = { type: "object", properties: { day: { type: "string", format: "date" } } };
    expect(configOf({ output: { schema: day } })).toEqual({ ...json, responseJsonSchema: day });
    expect(configOf({ output: {} })).toEqual(json);
    const older = encoded({ output: { schema: open } }, "gemini-2.0-flash");
    expect(older.body["generationConfig"]).toEqual(json);
    expect(JSON.stringify(older.body["systemInstruction"])).toContain("additionalProperties");
    expect(paths(older)).toEqual([["adapted", "output.schema"]]);
  });

  test("stands beside tools from Gemini 3 on, and is asked for in words before", () => {
    const tools = [{ name: "now", input: { type: "object" } }];
    expect(configOf({ output: { schema }, tools })).toMatchObject({ responseMimeType: "application/json" });
    const older = encoded({ output: { schema }, tools }, "gemini-2.5-flash");
    expect(older.body["generationConfig"]).toBeUndefined();
    expect(JSON.stringify(older.body["systemInstruction"])).toContain("Give your answer as JSON alone");
    expect(paths(older)).toEqual([["adapted", "output"]]);
  });
});

describe("the rest", () => {
  test("of the settings goes by Google's names, within its limits", () => {
    const result = encoded({
      maxOutputTokens: 10,
      temperature: 3,
      topP: 0.5,
      topK: 4,
      seed: 2 ** 40,
      stop: ["a", "b", "c", "d", "e", "f"],
      presencePenalty: 1,
    });
    expect(result.body["generationConfig"]).toEqual({
      maxOutputTokens: 10,
      temperature: 2,
      topP: 0.5,
      topK: 4,
      stopSequences: ["a", "b", "c", "d", "e"],
    });
    expect(paths(result)).toEqual([
      ["adapted", "temperature"],
      ["dropped", "stop[5]"],
      ["dropped", "seed"],
      ["dropped", "presencePenalty"],
    ]);
    expect(configOf({ presencePenalty: 1, seed: 7 }, "gemini-2.0-flash")).toEqual({ presencePenalty: 1, seed: 7 });
  });

  test("that the application wrote for Google stands over it", () => {
    const providerOptions = { google: { cachedContent: "c", generationConfig: { topK: 9 } }, openai: { user: "u" } };
    expect(encoded({ providerOptions, topK: 1, topP: 0.5 }).body).toMatchObject({
      cachedContent: "c",
      generationConfig: { topK: 9, topP: 0.5 },
    });
  });

  test("fills no middle", () => {
    expect(() => encoded({ suffix: "}" })).toThrow(expect.objectContaining({ code: "unsupported" }));
  });
});
