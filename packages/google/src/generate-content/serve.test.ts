import type { Json, JsonObject, ModelEvent, ModelResult } from "@plugboard/core";
import { Gathering, ModelError, eventsOf } from "@plugboard/core";
import { validator } from "@plugboard/recordings";
import { failureInBand, failureOf, sse } from "@plugboard/wire";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyModel, anyRequest } from "../../test/arbitrary-request.ts";
import { anyResult } from "../../test/arbitrary-result.ts";
import { answerDecoder, decodeAnswer } from "./decode.ts";
import { encodeRequest } from "./encode.ts";
import { generateContentProtocol } from "./serve.ts";

const protocol = generateContentProtocol({ newId: () => "new" });
const model = "gemini-3.5-flash";
const asked = { model, request: { messages: [] } };
const context = { provider: "google", model, toolName: (name: string) => name };
const schemas = await validator();

function read(body: Record<string, Json>): ReturnType<typeof protocol.readRequest>["request"] {
  return protocol.readRequest({ model, contents: [{ parts: [{ text: "Hello" }] }], ...body }).request;
}

/** The chunks of an answer, and what a client reads from them. */
function streamed(result: ModelResult): { chunks: JsonObject[]; read: ModelResult } {
  const writer = protocol.writer(asked);
  const text = eventsOf(result)
    .map((event) => writer.write(event))
    .join("");
  const decoder = answerDecoder({}, context);
  const chunks: JsonObject[] = [];
  const events: ModelEvent[] = [];
  const noting = {
    push(data: string, name: string, out: ModelEvent[]): void {
      chunks.push(JSON.parse(data) as JsonObject);
      decoder.push(data, name, out);
    },
    end: decoder.end.bind(decoder),
  };
  const framing = sse.open(noting, 1e6);
  framing.push(text, events);
  framing.end(events);
  decoder.end(events);
  const gathering = new Gathering();
  for (const event of events) gathering.add(event);
  return { chunks, read: gathering.result };
}

describe("an answer", () => {
  test("comes back as it was, in one body", () => {
    fc.assert(
      fc.property(anyResult, (result) => {
        expect(decodeAnswer(protocol.writeResult(result, asked), {}, context)).toEqual(result);
      }),
    );
  });

  test("comes back as a stream with the same words, calls, ending and counts", () => {
    fc.assert(
      fc.property(anyResult, (result) => {
        const { read: back } = streamed(result);
        const essence = ({ content, finishReason, usage, id }: ModelResult): unknown => {
          const said = content.map((part) => ("text" in part ? part.text : "")).join("");
          const others = content.filter(({ type }) => type !== "text" && type !== "reasoning");
          const signatures = content.flatMap(
            ({ providerData }) => providerData?.["google"]?.["thoughtSignature"] ?? [],
          );
          return { said, others, signatures, finishReason, usage, id };
        };
        expect(essence(back)).toEqual(essence(result));
      }),
    );
  });

  test.skipIf(!schemas)("is what the schema says (skipped where the schemas are not there)", () => {
    fc.assert(
      fc.property(anyResult, (result) => {
        const whole: unknown = JSON.parse(JSON.stringify(protocol.writeResult(result, asked)));
        expect(schemas!.responseErrors("gemini", whole)).toEqual([]);
        for (const chunk of streamed(result).chunks) {
          expect(schemas!.eventErrors("gemini", chunk, "streamGenerateContent")).toEqual([]);
        }
      }),
      { numRuns: 50 },
    );
  });

  test("of another provider has ids for its calls, its thoughts without a signature, its sources as those of a search", () => {
    const body = protocol.writeResult(
      {
        model: "claude",
        content: [
          { type: "reasoning", text: "Hm.", providerData: { anthropic: { signature: "x" } } },
          { type: "tool-call", id: "toolu_1", name: "a", input: { x: 1 } },
          { type: "source", url: "https://a.example", title: "A" },
        ],
        finishReason: "tool-calls",
        rawFinishReason: "tool_use",
        usage: { input: 3 },
        warnings: [],
      },
      asked,
    );
    expect(body).toEqual({
      candidates: [
        {
          content: {
            role: "model",
            parts: [{ text: "Hm.", thought: true }, { functionCall: { id: "toolu_1", name: "a", args: { x: 1 } } }],
          },
          finishReason: "STOP",
          groundingMetadata: { groundingChunks: [{ web: { uri: "https://a.example", title: "A" } }] },
        },
      ],
      usageMetadata: { promptTokenCount: 3, totalTokenCount: 3 },
      responseId: "new",
      modelVersion: "claude",
    });
  });

  test("tells in its last chunk what Google told beside it, and has a random id where nobody makes one", () => {
    const own = {
      serviceTier: "flex",
      promptFeedback: { blockReason: "SAFETY" },
      groundingMetadata: { webSearchQueries: ["a"] },
    };
    const writer = generateContentProtocol().writer(asked);
    writer.write({ type: "start", model: "" });
    const unsent = { type: "opaque", kind: "web_search_call", providerData: { openai: {} } } as const;
    expect(writer.write({ type: "part", index: 0, part: unsent })).toBe("");
    const told = writer.write({
      type: "finish",
      finishReason: "content-filter",
      usage: { input: 3, output: 2, outputAudio: 1 },
      providerData: { google: own },
    });
    const chunk = JSON.parse(told.slice("data: ".length)) as JsonObject;
    expect(chunk).toEqual({
      candidates: [
        {
          content: { role: "model", parts: [] },
          finishReason: "SAFETY",
          groundingMetadata: own.groundingMetadata,
          index: 0,
        },
      ],
      promptFeedback: own.promptFeedback,
      usageMetadata: {
        promptTokenCount: 3,
        candidatesTokenCount: 2,
        candidatesTokensDetails: [{ modality: "AUDIO", tokenCount: 1 }],
        totalTokenCount: 5,
        serviceTier: "flex",
      },
      responseId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      modelVersion: model,
    });
  });
});

describe("a request", () => {
  test("is read in either way of writing names, with what we have no words for kept", () => {
    const { model: name, request } = generateContentProtocol({ stream: true }).readRequest({
      model: "models/gemini-3.5-flash",
      system_instruction: { parts: [{ text: "Be brief." }] },
      contents: [
        { role: "user", parts: [{ text: "Look." }, { inline_data: { mime_type: "image/png", data: "AQ==" } }] },
      ],
      generation_config: {
        max_output_tokens: 5,
        temperature: 0.5,
        stop_sequences: ["a"],
        thinking_config: { thinking_level: "low" },
        response_mime_type: "application/json",
        response_schema: { type: "OBJECT", properties: { snake_name: { type: "STRING" } } },
        candidate_count: 1,
      },
      safety_settings: [{ category: "HARM_CATEGORY_HARASSMENT", threshold: "OFF" }],
    });
    expect(name).toBe("gemini-3.5-flash");
    expect(request).toEqual({
      stream: true,
      messages: [
        { role: "system", content: "Be brief." },
        {
          role: "user",
          content: [
            { type: "text", text: "Look." },
            { type: "file", mediaType: "image/png", data: new Uint8Array([1]) },
          ],
        },
      ],
      maxOutputTokens: 5,
      temperature: 0.5,
      stop: ["a"],
      reasoning: "low",
      output: { schema: { type: "object", properties: { snake_name: { type: "string" } } } },
      providerOptions: {
        google: {
          safetySettings: [{ category: "HARM_CATEGORY_HARASSMENT", threshold: "OFF" }],
          generationConfig: { candidateCount: 1, thinkingConfig: { includeThoughts: false } },
        },
      },
    });
  });

  test("has its results put to their calls by id, or by name and order", () => {
    const { messages } = read({
      contents: [
        { role: "user", parts: [{ text: "?" }] },
        {
          role: "model",
          parts: [
            { functionCall: { name: "a", args: { x: 1 } } },
            { functionCall: { name: "a", args: { x: 2 }, id: "given" } },
            { functionCall: { name: "a", args: { x: 3 } } },
          ],
        },
        {
          role: "user",
          parts: [
            { functionResponse: { name: "a", id: "given", response: { output: "two" } } },
            { functionResponse: { name: "a", response: { error: "one" } } },
            { functionResponse: { name: "a", response: { x: 3 } } },
            { functionResponse: { name: "z", id: "stray", response: {} } },
            { text: "And?" },
          ],
        },
      ],
    });
    expect(messages[1]).toMatchObject({
      role: "assistant",
      content: [{ id: "call_0" }, { id: "given" }, { id: "call_1" }],
    });
    expect(messages.slice(2)).toEqual([
      {
        role: "tool",
        content: [
          { type: "tool-result", id: "given", name: "a", output: "two" },
          { type: "tool-result", id: "call_0", name: "a", output: "one", isError: true },
          { type: "tool-result", id: "call_1", name: "a", output: [{ type: "json", value: { x: 3 } }] },
          { type: "tool-result", id: "stray", name: "z", output: [{ type: "json", value: {} }] },
        ],
      },
      { role: "user", content: [{ type: "text", text: "And?" }] },
    ]);
  });

  test("names tools of both kinds, and the choice among them", () => {
    const tools = [
      {
        functionDeclarations: [
          { name: "a", description: "A.", parameters: { type: "OBJECT", properties: {} } },
          { name: "b" },
        ],
      },
      { googleSearch: {}, urlContext: {} },
    ];
    expect(read({ tools }).tools).toEqual([
      { name: "a", description: "A.", input: { type: "object", properties: {} } },
      { name: "b", input: { type: "object", properties: {} } },
      { type: "provider", id: "google.google_search" },
      { type: "provider", id: "google.url_context" },
    ]);
    const chosen = (config: Json): unknown => read({ tools, toolConfig: { functionCallingConfig: config } }).toolChoice;
    expect(chosen({ mode: "ANY", allowedFunctionNames: ["b"] })).toEqual({ name: "b" });
    expect(chosen({ mode: "any" })).toBe("required");
    expect(chosen({ mode: "NONE" })).toBe("none");
    expect(chosen({})).toBe("auto");
    const several = { functionCallingConfig: { mode: "ANY", allowedFunctionNames: ["a", "b"] } };
    expect(read({ tools, toolConfig: several })).toMatchObject({
      toolChoice: "required",
      providerOptions: { google: { toolConfig: several } },
    });
  });

  test("has results with files, and values of every form", () => {
    const inlineData = { mimeType: "image/png", data: "AQ==" };
    const file = { type: "file", mediaType: "image/png", data: new Uint8Array([1]) };
    const response = (response: Json, parts: Json = [{ inlineData }, { text: "no file" }, "nothing"]): Json => ({
      functionResponse: { name: "a", response, parts },
    });
    const { messages } = read({
      contents: [
        {
          parts: [
            response({ output: "seen" }),
            response({ output: "" }),
            response({ result: { x: 1 } }),
            { functionResponse: { name: "a" } },
          ],
        },
      ],
    });
    expect(messages).toMatchObject([
      {
        role: "tool",
        content: [
          { id: "call_0", output: [{ type: "text", text: "seen" }, file] },
          { id: "call_1", output: [file] },
          { id: "call_2", output: [{ type: "json", value: { x: 1 } }, file] },
          { id: "call_3", output: [{ type: "json", value: {} }] },
        ],
      },
    ]);
  });

  test("keeps a measure of thinking that our words cannot hold, and choices written out", () => {
    const config = (generationConfig: Record<string, Json>): unknown => {
      const { reasoning, output, providerOptions } = read({ generationConfig });
      return { reasoning, output, own: providerOptions?.["google"]?.["generationConfig"] };
    };
    expect(config({ thinkingConfig: { thinkingBudget: -1 } })).toEqual({
      own: { thinkingConfig: { thinkingBudget: -1 } },
    });
    expect(config({ thinkingConfig: { includeThoughts: true } })).toEqual({
      own: { thinkingConfig: { includeThoughts: true } },
    });
    expect(config({ thinkingConfig: { thinkingLevel: "THINKING_LEVEL_UNSPECIFIED" } })).toMatchObject({
      own: { thinkingConfig: {} },
    });
    expect(config({ thinkingConfig: { thinkingBudget: 0 } })).toEqual({ reasoning: "none" });
    const choices = { responseMimeType: "text/x.enum", responseSchema: { type: "STRING", enum: ["a", "b"] } };
    expect(config(choices)).toMatchObject({ own: { responseMimeType: "text/x.enum" } });
    expect(read({ toolConfig: { functionCallingConfig: { mode: "VALIDATED" } } }).tools).toEqual([]);
    expect(read({ tools: [{ googleSearch: null, codeExecution: 1 }], safetySettings: null }).tools).toEqual([
      { type: "provider", id: "google.code_execution" },
    ]);
    expect(read({ contents: [{ role: "user" }, { parts: [{ text: "Hello" }] }] }).messages.at(-1)).toMatchObject({
      content: [{ text: "Hello" }],
    });
  });

  test.each<[string, Record<string, Json>]>([
    ["model", { model: "" }],
    ["contents", { contents: "Hello" }],
    ["contents[0]", { contents: ["Hello"] }],
    ["systemInstruction", { systemInstruction: "Hello" }],
    ["contents[0].role", { contents: [{ role: "system", parts: [] }] }],
    ["contents[0].parts[0]", { contents: [{ parts: [{ functionCall: { name: "a" } }] }] }],
    ["contents[0].parts[0].functionResponse.name", { contents: [{ parts: [{ functionResponse: {} }] }] }],
    ["tools[0].functionDeclarations[0].name", { tools: [{ functionDeclarations: [{}] }] }],
    ["toolConfig.functionCallingConfig.mode", { toolConfig: { functionCallingConfig: { mode: "SOME" } } }],
    ["generationConfig.temperature", { generationConfig: { temperature: "hot" } }],
    ["generationConfig.stopSequences[0]", { generationConfig: { stopSequences: [1] } }],
    [
      "generationConfig.thinkingConfig.thinkingLevel",
      { generationConfig: { thinkingConfig: { thinkingLevel: "SO_SO" } } },
    ],
    ["systemInstruction.parts[0].text", { systemInstruction: { parts: [{}] } }],
  ])("is refused with the name of the field: %s", (field, body) => {
    expect(() => read(body)).toThrow(
      expect.objectContaining({ code: "invalid-request", message: expect.stringContaining(`\`${field}\` must be`) }),
    );
  });

  test("that our adapter writes is written the same way again after it was read", () => {
    fc.assert(
      fc.property(anyRequest, anyModel, (request, id) => {
        const { body } = encodeRequest(request, id);
        const plain = JSON.parse(JSON.stringify(body)) as JsonObject;
        const again = encodeRequest(protocol.readRequest({ ...plain, model: id }).request, id).body;
        expect(JSON.parse(JSON.stringify(again["contents"]))).toEqual(plain["contents"]);
        expect(again["systemInstruction"]).toEqual(plain["systemInstruction"]);
        expect(withoutHiding(again["generationConfig"])).toEqual(plain["generationConfig"]);
      }),
      { numRuns: 200 },
    );
  });
});

/** Not to show thoughts is what leaving it out means. */
function withoutHiding(config: Json | undefined): unknown {
  const written = JSON.stringify(config) as string | undefined;
  return written && JSON.parse(written.replace('"includeThoughts":false', '"_":0').replace(/,?"_":0/, ""));
}

describe("an error", () => {
  test.each([
    "rate-limit",
    "overloaded",
    "server",
    "timeout",
    "auth",
    "permission",
    "not-found",
    "invalid-request",
    "context-length",
  ] as const)("%s is understood by a client", (code) => {
    const { status, body, headers } = protocol.writeError(new ModelError("No.", { code, retryAfter: 1500 }));
    const failed = failureOf({ status, headers: {}, body: JSON.stringify(body), provider: "google" });
    expect([failed.code, failed.retryAfter]).toEqual([code, 1500]);
    expect(headers["retry-after"]).toBe("2");
    expect(schemas?.errorErrors("gemini", body) ?? []).toEqual([]);
  });

  test("in the middle of an answer is the last chunk", () => {
    const text = protocol.writer(asked).fail(new ModelError("No.", { code: "overloaded" }))!;
    expect(text).toMatch(/^data: .*\r\n\r\n$/s);
    expect(failureInBand(JSON.parse(text.slice(6)) as Json, { provider: "google" }).code).toBe("overloaded");
  });
});
