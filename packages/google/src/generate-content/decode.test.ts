import type { Json, ModelEvent, ModelResult } from "@plugboard/core";
import { describe, expect, test } from "vitest";
import { answerDecoder, decodeAnswer } from "./decode.ts";

const context = { provider: "google", model: "gemini-3.5-flash", toolName: (name: string) => name };

function decoded(
  parts: readonly Json[],
  candidate: Record<string, Json> = {},
  more: Record<string, Json> = {},
): ModelResult {
  const candidates = [{ content: { role: "model", parts }, finishReason: "STOP", ...candidate }];
  return decodeAnswer({ candidates, responseId: "r1", ...more }, {}, context);
}

function streamed(...chunks: readonly Json[]): ModelEvent[] {
  const out: ModelEvent[] = [];
  const decoder = answerDecoder({}, context);
  for (const chunk of chunks) decoder.push(JSON.stringify(chunk), "", out);
  decoder.end(out);
  return out;
}

const parts = (...list: readonly Json[]): Json => ({ candidates: [{ content: { parts: list } }], responseId: "r1" });
const end: Json = { candidates: [{ finishReason: "STOP" }] };

describe("signatures", () => {
  test("stay with the call that has them; of parallel calls that is the first", () => {
    const { content } = decoded([
      { functionCall: { name: "a", args: { x: 1 } }, thoughtSignature: "sig" },
      { functionCall: { name: "a", args: { x: 2 }, id: "given" } },
    ]);
    expect(content).toEqual([
      {
        type: "tool-call",
        id: "call_r1_0",
        name: "a",
        input: { x: 1 },
        providerData: { google: { thoughtSignature: "sig" } },
      },
      { type: "tool-call", id: "given", name: "a", input: { x: 2 }, providerData: { google: { id: "given" } } },
    ]);
  });

  test("make a part of their own of the text that carries them, also of an empty one, or of none", () => {
    const events = streamed(
      parts({ text: "So" }),
      parts({ text: " it is" }),
      parts({ text: "", thoughtSignature: "one" }),
      parts({ thoughtSignature: "two" }),
      parts({ text: "" }),
      end,
    );
    expect(events.filter(({ type }) => type === "part")).toEqual([
      { type: "part", index: 0, part: { type: "text", text: "So it is" } },
      {
        type: "part",
        index: 1,
        part: { type: "text", text: "", providerData: { google: { thoughtSignature: "one" } } },
      },
      {
        type: "part",
        index: 2,
        part: { type: "text", text: "", providerData: { google: { thoughtSignature: "two" } } },
      },
    ]);
  });

  test("tell thoughts of Google's from those of others", () => {
    const { content } = decoded([{ text: "Hm.", thought: true }, { text: "Yes." }]);
    expect(content).toEqual([
      { type: "reasoning", text: "Hm.", providerData: { google: { thought: true } } },
      { type: "text", text: "Yes." },
    ]);
  });
});

describe("ids of calls that have none", () => {
  test("differ from answer to answer, and are the same for the same answer", () => {
    const call = [{ functionCall: { name: "a" } }];
    const idOf = ({ content: [part] }: ModelResult): unknown => part?.type === "tool-call" && part.id;
    const first = decodeAnswer(
      { candidates: [{ content: { parts: call } }], usageMetadata: { promptTokenCount: 1 } },
      {},
      context,
    );
    const second = decodeAnswer(
      { candidates: [{ content: { parts: call } }], usageMetadata: { promptTokenCount: 2 } },
      {},
      context,
    );
    expect(idOf(first)).toMatch(/^call_[0-9a-f]{8}_0$/);
    expect(idOf(first)).not.toBe(idOf(second));
    expect(idOf(decoded(call))).toBe("call_r1_0");
  });
});

describe("what Google ran itself", () => {
  test("is a call with its result, kept as it was for the way back", () => {
    const code = { executableCode: { language: "PYTHON", code: "1/0" }, thoughtSignature: "sig" };
    const outcome = { codeExecutionResult: { outcome: "OUTCOME_FAILED", output: "ZeroDivisionError" } };
    expect(decoded([code, outcome])).toMatchObject({
      finishReason: "stop",
      content: [
        {
          type: "tool-call",
          id: "call_r1_0",
          name: "code_execution",
          input: { language: "PYTHON", code: "1/0" },
          executed: true,
          providerData: { google: { part: code } },
        },
        {
          type: "tool-result",
          id: "call_r1_0",
          name: "code_execution",
          output: "ZeroDivisionError",
          isError: true,
          executed: true,
          providerData: { google: { part: outcome } },
        },
      ],
    });
  });

  test("goes by the name of its kind where it is a tool of Google's", () => {
    const { content } = decoded([
      { toolCall: { id: "t1", toolType: "GOOGLE_SEARCH_WEB", args: { queries: ["a"] } } },
      { toolResponse: { id: "t1", toolType: "GOOGLE_SEARCH_WEB", response: { found: 1 } } },
    ]);
    expect(content).toMatchObject([
      { type: "tool-call", id: "t1", name: "google_search_web", input: { queries: ["a"] }, executed: true },
      { type: "tool-result", id: "t1", name: "google_search_web", output: [{ type: "json", value: { found: 1 } }] },
    ]);
  });
});

describe("files", () => {
  test("are parts; one that was made while thinking, and what nobody knows, is kept apart", () => {
    const thought = { inlineData: { mimeType: "image/png", data: "AQ==" }, thought: true };
    const { content } = decoded([
      { inlineData: { mimeType: "image/png", data: "AQID" }, thoughtSignature: "sig" },
      { fileData: { mimeType: "video/mp4", fileUri: "gs://bucket/a.mp4" } },
      thought,
      { hologram: { sides: 3 } },
    ]);
    expect(content).toEqual([
      {
        type: "file",
        mediaType: "image/png",
        data: new Uint8Array([1, 2, 3]),
        providerData: { google: { thoughtSignature: "sig" } },
      },
      { type: "file", mediaType: "video/mp4", data: new URL("gs://bucket/a.mp4") },
      { type: "opaque", kind: "inlineData", providerData: { google: thought } },
      { type: "opaque", kind: "hologram", providerData: { google: { hologram: { sides: 3 } } } },
    ]);
  });
});

describe("grounding", () => {
  const web = (uri: string): Json => ({ web: { uri, title: uri } });
  const source = (url: string): unknown => ({ type: "source", url, title: url, providerData: { google: web(url) } });

  test("is cited where it stands, in characters though Google counts bytes", () => {
    const text = "Größe zählt. Mehr.";
    const groundingMetadata = {
      groundingChunks: [web("https://a.example"), web("https://b.example")],
      groundingSupports: [
        { segment: { endIndex: 15, text: "Größe zählt." }, groundingChunkIndices: [0, 1] },
        { segment: { startIndex: 16, endIndex: 21 }, groundingChunkIndices: [1] },
        { segment: { startIndex: 0, endIndex: 2, text: "Mehr." }, groundingChunkIndices: [0] },
        { segment: { startIndex: 0, endIndex: 2, text: "nowhere" }, groundingChunkIndices: [0] },
      ],
      webSearchQueries: ["one", "two"],
    };
    const { content, usage, providerData } = decoded([{ text }], { groundingMetadata });
    expect(content).toEqual([
      {
        type: "text",
        text,
        citations: [
          { source: source("https://a.example"), start: 0, end: 12 },
          { source: source("https://b.example"), start: 0, end: 12 },
          { source: source("https://b.example"), start: 13, end: 18 },
          { source: source("https://a.example"), start: 13, end: 18 },
        ],
      },
      source("https://a.example"),
      source("https://b.example"),
    ]);
    expect(usage.serverTools).toEqual({ google_search: 2 });
    expect(providerData).toEqual({ google: { groundingMetadata } });
  });

  test("is counted in the text alone, without thoughts, and with characters of any width", () => {
    const groundingMetadata = {
      groundingChunks: [web("https://a.example")],
      groundingSupports: [{ segment: { startIndex: 7, endIndex: 10 }, groundingChunkIndices: [0] }],
    };
    const { content } = decoded([{ text: "Hm.", thought: true }, { text: "🙂→abc" }], { groundingMetadata });
    expect(content[1]).toMatchObject({ citations: [{ start: 3, end: 6 }] });
  });

  test("is told of each page once, of repeated texts and of pages looked at too", () => {
    const citations = [{}, { uri: "https://c.example", startIndex: 0, endIndex: 3 }, { uri: "https://c.example" }];
    const urlMetadata = [
      { retrievedUrl: "https://d.example", urlRetrievalStatus: "URL_RETRIEVAL_STATUS_SUCCESS" },
      { retrievedUrl: "https://e.example", urlRetrievalStatus: "URL_RETRIEVAL_STATUS_ERROR" },
    ];
    const { content } = decoded([{ text: "abc" }], {
      citationMetadata: { citations },
      urlContextMetadata: { urlMetadata },
    });
    expect(content).toMatchObject([
      { type: "text", citations: [{ source: { url: "https://c.example" }, start: 0, end: 3 }] },
      { type: "source", url: "https://c.example" },
      { type: "source", url: "https://d.example" },
    ]);
    expect(content).toHaveLength(3);
  });
});

describe("the ending", () => {
  test.each([
    ["STOP", "stop"],
    ["MAX_TOKENS", "length"],
    ["SAFETY", "content-filter"],
    ["SPII", "content-filter"],
    ["MALFORMED_FUNCTION_CALL", "other"],
    ["FINISH_REASON_UNSPECIFIED", "other"],
    ["SOMETHING_NEW", "other"],
  ])("%s is %s", (finishReason, ours) => {
    expect(decoded([], { finishReason })).toMatchObject({ finishReason: ours, rawFinishReason: finishReason });
  });

  test("is a call that Google found nobody for only in its own words", () => {
    const call = { functionCall: { name: "nobody" } };
    expect(decoded([call], { finishReason: "UNEXPECTED_TOOL_CALL" }).finishReason).toBe("other");
    expect(decoded([call]).finishReason).toBe("tool-calls");
  });

  test("is a filter when the question was not let through", () => {
    const promptFeedback = { blockReason: "MODEL_ARMOR", blockReasonMessage: "No." };
    expect(decodeAnswer({ promptFeedback }, {}, context)).toMatchObject({
      finishReason: "content-filter",
      rawFinishReason: "MODEL_ARMOR",
      providerData: { google: { promptFeedback } },
    });
  });

  test("is not claimed for a stream that said none, and counts what came after it", () => {
    expect(streamed(parts({ text: "So" })).at(-1)).toMatchObject({ type: "text-delta" });
    const late = streamed(parts({ text: "So" }), end, {
      usageMetadata: { promptTokenCount: 2, candidatesTokenCount: 1 },
    });
    expect(late.at(-1)).toMatchObject({ type: "finish", finishReason: "stop", usage: { input: 2, output: 1 } });
  });

  test("tells of a model that is on its way out, once", () => {
    const modelStatus = { modelStage: "DEPRECATED", message: "Gone in June." };
    const events = streamed({ ...(parts({ text: "a" }) as object), modelStatus }, { ...(end as object), modelStatus });
    expect(events.at(-1)).toMatchObject({ warnings: [{ code: "deprecated", message: "Gone in June." }] });
  });
});

describe("counts", () => {
  test("add thoughts to the output and what tools read to the input", () => {
    const usageMetadata = {
      promptTokenCount: 10,
      toolUsePromptTokenCount: 5,
      candidatesTokenCount: 3,
      thoughtsTokenCount: 4,
      cachedContentTokenCount: 6,
      promptTokensDetails: [{ modality: "TEXT" }, { modality: "AUDIO", tokenCount: 2 }],
      candidatesTokensDetails: [{ modality: "AUDIO", tokenCount: 1 }],
      totalTokenCount: 22,
    };
    expect(decoded([], {}, { usageMetadata }).usage).toEqual({
      input: 15,
      output: 7,
      reasoning: 4,
      cachedInput: 6,
      inputAudio: 2,
      outputAudio: 1,
    });
  });

  test("are told by the total where nothing was written, and absent where nobody told", () => {
    expect(decoded([], {}, { usageMetadata: { promptTokenCount: 8, totalTokenCount: 8 } }).usage).toEqual({
      input: 8,
      output: 0,
    });
    expect(decoded([], {}, { usageMetadata: { promptTokenCount: 8 } }).usage).toEqual({ input: 8 });
    const read = { promptTokenCount: 8, cachedContentTokenCount: 9 };
    expect(decoded([], {}, { usageMetadata: read }).usage).toEqual({ input: 8, cachedInput: 8 });
    expect(decoded([], {}, { usageMetadata: { trafficType: "ON_DEMAND" } }).usage).toEqual({});
  });
});

test("takes the first of several answers, wherever it stands", () => {
  const candidates = [
    { index: 1, content: { parts: [{ text: "second" }] }, finishReason: "SAFETY" },
    { content: { parts: [{ text: "first" }] }, finishReason: "STOP" },
  ];
  expect(decodeAnswer({ candidates }, {}, context)).toMatchObject({
    content: [{ type: "text", text: "first" }],
    finishReason: "stop",
  });
});

test.each([[{}], [[]], ["text"], [[1]], [{ usageMetadata: {} }]] as readonly (readonly [Json])[])(
  "%j is no answer",
  (body) => {
    expect(() => decodeAnswer(body, {}, context)).toThrow(expect.objectContaining({ code: "parse" }));
  },
);

test("an error in place of an answer is the error", () => {
  const error = { code: 429, status: "RESOURCE_EXHAUSTED", message: "Slow down." };
  for (const body of [{ error }, [{ error }]]) {
    expect(() => decodeAnswer(body, {}, context)).toThrow(expect.objectContaining({ code: "rate-limit" }));
  }
});

test("a piece of arguments replaces what stands there, unless that was to go on", () => {
  const piece = (stringValue: string, willContinue: boolean): Json =>
    parts({ functionCall: { partialArgs: [{ jsonPath: "$.a", stringValue, willContinue }], willContinue: true } });
  const opening = parts({ functionCall: { name: "a", willContinue: true } });
  const events = streamed(
    opening,
    piece("x", false),
    piece("y", true),
    piece("z", false),
    parts({ functionCall: {} }),
    end,
  );
  expect(events.find(({ type }) => type === "part")).toMatchObject({ part: { input: { a: "yz" } } });
});

test("arguments in pieces never reach a prototype, and a far place makes no long list", () => {
  const piece = (jsonPath: string): Json =>
    parts({ functionCall: { partialArgs: [{ jsonPath, stringValue: "x" }], willContinue: true } });
  const events = streamed(
    parts({ functionCall: { name: "a", willContinue: true } }),
    piece("$.__proto__.polluted"),
    piece("$.list[999999999]"),
    piece("$['odd key']"),
    parts({ functionCall: {} }),
    end,
  );
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  expect(events.find(({ type }) => type === "part")).toMatchObject({ part: { input: { "odd key": "x" } } });
});

test("what a chunk lacks is taken for nothing, and what nobody knows is kept", () => {
  const { content, finishReason } = decoded([
    "no part",
    { codeExecutionResult: { outcome: "OUTCOME_OK" } },
    { toolCall: {} },
    { toolResponse: { toolType: "GOOGLE_MAPS" } },
    { toolResponse: {} },
    { inlineData: { data: "AQ==" } },
    { fileData: {} },
    { fileData: { fileUri: "https://a.example/b" } },
    {},
  ]);
  expect(content).toMatchObject([
    { type: "opaque", kind: "part" },
    { type: "tool-result", name: "code_execution", output: "", id: "call_r1_0" },
    { type: "tool-call", name: "a_tool_of_google", id: "call_r1_1", input: {} },
    { type: "tool-result", name: "google_maps", id: "call_r1_2" },
    { type: "tool-result", name: "a_tool_of_google", id: "call_r1_1", output: [{ type: "json", value: null }] },
    { type: "file", mediaType: "application/octet-stream" },
    { type: "opaque", kind: "fileData" },
    { type: "file", mediaType: "*/*" },
    { type: "opaque", kind: "part" },
  ]);
  expect(finishReason).toBe("stop");
});

test("a stream takes a foreign end of its kind for nothing, a piece of no call too, and passes warnings on", () => {
  const out: ModelEvent[] = [];
  const warnings = [{ code: "dropped", path: "seed", message: "No." }] as const;
  const decoder = answerDecoder({ warnings }, context);
  const chunks = [parts({ functionCall: { partialArgs: [{ jsonPath: "$.a" }] } }), parts({ text: "Hi" }), end];
  for (const chunk of chunks) decoder.push(JSON.stringify(chunk), "", out);
  decoder.push("[DONE]", "", out);
  decoder.end(out);
  expect(out.filter(({ type }) => type !== "usage")).toMatchObject([
    { type: "start", warnings },
    { type: "text-delta", text: "Hi" },
    { type: "part", part: { type: "text", text: "Hi" } },
    { type: "finish", finishReason: "stop" },
  ]);
  expect(() => decoder.push("{", "", [])).toThrow(expect.objectContaining({ code: "parse", provider: "google" }));
  expect(() => decodeAnswer(["no chunk"], {}, context)).toThrow(/no JSON object/);
  expect(() => decodeAnswer({}, {}, context)).toThrow(/neither `candidates` nor `promptFeedback`/);
});

test("a call whose arguments come in one piece, and one whose code has no call before it", () => {
  const events = streamed(
    parts({ functionCall: { name: "a", partialArgs: [{ jsonPath: "$.x", numberValue: 1 }, "nothing", {}] } }),
    parts({ functionCall: { name: "b", args: [] } }),
    end,
  );
  expect(events.filter(({ type }) => type === "part")).toMatchObject([
    { part: { type: "tool-call", name: "a", input: { x: 1 } } },
    { part: { type: "tool-call", name: "b", input: {} } },
  ]);
});

test("a model that is on its way out is warned of, with or without Google's words", () => {
  expect(decoded([], {}, { modelStatus: { modelStage: "RETIRED" } }).warnings).toEqual([
    { code: "deprecated", message: "gemini-3.5-flash is retired." },
  ]);
});

test("parts of counts never exceed what was told, where the whole was not", () => {
  const details = [{ modality: "AUDIO", tokenCount: 2 }];
  const alone = { cachedContentTokenCount: 4, promptTokensDetails: details, candidatesTokensDetails: details };
  expect(decoded([], {}, { usageMetadata: { ...alone, trafficType: null } }).usage).toEqual({
    cachedInput: 4,
    inputAudio: 2,
    outputAudio: 2,
  });
});

test("grounding that says little cites nothing", () => {
  const groundingMetadata = {
    groundingChunks: [{ web: { uri: "https://a.example", title: "A" } }, "no chunk"],
    groundingSupports: [
      "no support",
      { groundingChunkIndices: [0] },
      { segment: { startIndex: 5, endIndex: 2 }, groundingChunkIndices: [0] },
      { segment: { endIndex: 2, text: "" }, groundingChunkIndices: [0] },
      { segment: { endIndex: 2, text: "not there" }, groundingChunkIndices: [0] },
      { segment: { endIndex: 2 }, groundingChunkIndices: [7] },
    ],
  };
  const more = { citationMetadata: { citations: ["none"] }, urlContextMetadata: { urlMetadata: ["none"] } };
  const { content } = decoded([{ text: "Hello" }], { groundingMetadata, ...more });
  expect(content).toMatchObject([
    { type: "text", text: "Hello" },
    { type: "source", url: "https://a.example" },
    { type: "source" },
  ]);
  expect(content[0]).not.toHaveProperty("citations");
});

test("a list whose first members never came has null in their places", () => {
  const [start, , part] = streamed(
    parts({ functionCall: { name: "a", willContinue: true } }),
    parts({ functionCall: { partialArgs: [{ jsonPath: "$.days[2]", numberValue: 7 }], willContinue: true } }),
    parts({ functionCall: {} }),
    end,
  ).filter(({ type }) => type !== "usage" && type !== "tool-call-delta");
  expect(start).toMatchObject({ type: "start" });
  expect(part).toStrictEqual({
    type: "part",
    index: 0,
    part: { type: "tool-call", id: "call_r1_0", name: "a", input: { days: [null, null, 7] } },
  });
});

test("an answer that is said to be whole with a call still open was cut", () => {
  const opening = parts({ functionCall: { name: "a", willContinue: true } });
  expect(() => streamed(opening, end)).toThrow(expect.objectContaining({ code: "truncated" }));
  const limit: Json = { candidates: [{ finishReason: "MAX_TOKENS" }] };
  expect(streamed(opening, limit).at(-1)).toMatchObject({ finishReason: "length", warnings: [{ code: "dropped" }] });
});
