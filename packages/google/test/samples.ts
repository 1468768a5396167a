import type { Json } from "@plugboard/core";
import type { ExpectedAnswer, ProviderSample } from "@plugboard/testing";

// Written from Google's documentation of generateContent, thinking, thought signatures, function calling, code execution, grounding
// and errors, as it stood in November 2026.

const model = "gemini-3.5-flash";
const encoder = new TextEncoder();

type Call = ProviderSample["call"];

const question: Call = { model, messages: [{ role: "user", content: "What is the weather?" }] };
const withTools: Call = {
  ...question,
  tools: [
    { name: "weather", input: { type: "object", properties: { city: { type: "string" } }, required: ["city"] } },
    { name: "now", input: { type: "object", properties: {} } },
  ],
};

const head = { modelVersion: model, responseId: "written" };
const counted = { promptTokenCount: 10, candidatesTokenCount: 5, totalTokenCount: 15 };

/** One chunk, or a whole answer. */
function chunk(parts: readonly Json[], finishReason?: string, more: Record<string, Json> = {}): Record<string, Json> {
  const candidate = {
    content: { role: "model", parts },
    ...(finishReason !== undefined && { finishReason }),
    index: 0,
  };
  return { candidates: [candidate], ...head, ...more };
}

function whole(name: string, body: Json, expected: ExpectedAnswer, call: Call = question): ProviderSample {
  return {
    name,
    mode: "generate",
    call,
    status: 200,
    headers: { "content-type": "application/json; charset=UTF-8" },
    body: encoder.encode(JSON.stringify(body, undefined, 2)),
    framing: "json",
    expected,
    exercises: [],
  };
}

function stream(
  name: string,
  chunks: readonly Json[],
  expected: ExpectedAnswer,
  call: Call = question,
): ProviderSample {
  return {
    ...whole(name, null, expected, call),
    mode: "stream",
    headers: { "content-type": "text/event-stream" },
    body: encoder.encode(chunks.map((data) => `data: ${JSON.stringify(data)}\r\n\r\n`).join("")),
    framing: "sse",
  };
}

function refusal(
  name: string,
  status: number,
  error: Json,
  expected: NonNullable<ExpectedAnswer["error"]>,
): ProviderSample {
  return { ...whole(name, { error }, { finishReason: "error", error: { status, ...expected } }), status };
}

/** Exchanges as Google documents them. */
export const samples: readonly ProviderSample[] = [
  whole("text", chunk([{ text: "Sunny." }], "STOP", { usageMetadata: counted }), {
    text: "Sunny.",
    toolCalls: [],
    finishReason: "stop",
    usage: { inputTokens: 10, outputTokens: 5 },
  }),
  stream(
    "text in chunks, with a signature at the end",
    [
      chunk([{ text: "It is " }], undefined, { usageMetadata: { promptTokenCount: 10, totalTokenCount: 10 } }),
      chunk([{ text: "sünny 🌞." }]),
      chunk([{ text: "", thoughtSignature: "c2lnbmVk" }], "STOP", {
        usageMetadata: { ...counted, thoughtsTokenCount: 3 },
      }),
    ],
    {
      text: "It is sünny 🌞.",
      reasoning: "",
      finishReason: "stop",
      usage: { inputTokens: 10, outputTokens: 8, reasoningTokens: 3 },
    },
  ),
  stream(
    "thoughts and parallel calls of one tool, without ids, one without arguments",
    [
      chunk([{ text: "Two cities.", thought: true }]),
      chunk([
        { functionCall: { name: "weather", args: { city: "Oslo" } }, thoughtSignature: "c2lnbmVk" },
        { functionCall: { name: "weather", args: { city: "Faro" } } },
      ]),
      chunk([{ functionCall: { name: "now" } }], "STOP", { usageMetadata: counted }),
    ],
    {
      text: "",
      reasoning: "Two cities.",
      toolCalls: [
        { name: "weather", input: { city: "Oslo" } },
        { name: "weather", input: { city: "Faro" } },
        { name: "now", input: {} },
      ],
      finishReason: "tool-calls",
    },
    withTools,
  ),
  stream(
    "a call whose arguments come in pieces",
    [
      chunk([{ functionCall: { name: "weather", id: "abc", willContinue: true } }]),
      chunk([
        {
          functionCall: {
            partialArgs: [{ jsonPath: "$.city", stringValue: "Os", willContinue: true }],
            willContinue: true,
          },
        },
      ]),
      chunk([{ functionCall: { partialArgs: [{ jsonPath: "$.city", stringValue: "lo" }], willContinue: true } }]),
      chunk([{ functionCall: { partialArgs: [{ jsonPath: "$.days[1].hot", boolValue: true }], willContinue: true } }]),
      chunk([
        { functionCall: { partialArgs: [{ jsonPath: "$.days[0]", nullValue: "NULL_VALUE" }], willContinue: true } },
      ]),
      chunk([{ functionCall: {} }], "STOP"),
    ],
    {
      toolCalls: [{ id: "abc", name: "weather", input: { city: "Oslo", days: [null, { hot: true }] } }],
      finishReason: "tool-calls",
    },
    withTools,
  ),
  stream(
    "a call that the limit cut",
    [
      chunk([{ functionCall: { name: "weather", willContinue: true } }]),
      chunk([
        {
          functionCall: {
            partialArgs: [{ jsonPath: "$.city", stringValue: "Os", willContinue: true }],
            willContinue: true,
          },
        },
      ]),
      chunk([], "MAX_TOKENS"),
    ],
    { toolCalls: [], finishReason: "length" },
    withTools,
  ),
  whole(
    "code that Google ran",
    chunk(
      [
        { text: "I compute. " },
        { executableCode: { language: "PYTHON", code: "print(6 * 7)" } },
        { codeExecutionResult: { outcome: "OUTCOME_OK", output: "42\n" } },
        { text: "It is 42." },
      ],
      "STOP",
      { usageMetadata: { ...counted, toolUsePromptTokenCount: 20, totalTokenCount: 35 } },
    ),
    { text: "I compute. It is 42.", toolCalls: [], finishReason: "stop", usage: { inputTokens: 30, outputTokens: 5 } },
  ),
  whole(
    "a question that is blocked",
    { promptFeedback: { blockReason: "PROHIBITED_CONTENT" }, ...head },
    {
      text: "",
      finishReason: "content-filter",
    },
  ),
  whole(
    "an answer that is blocked",
    { candidates: [{ finishReason: "RECITATION", index: 0 }], ...head },
    {
      text: "",
      finishReason: "content-filter",
    },
  ),
  whole("a reason that nobody knows yet", chunk([{ text: "Well." }], "STARS_NOT_ALIGNED"), {
    text: "Well.",
    finishReason: "other",
  }),
  whole(
    "thoughts that used up the limit",
    { candidates: [{ content: { role: "model" }, finishReason: "MAX_TOKENS" }], ...head },
    {
      text: "",
      finishReason: "length",
    },
  ),
  {
    ...whole("a list of chunks, as without alt=sse", [chunk([{ text: "Sun" }]), chunk([{ text: "ny." }], "STOP")], {
      text: "Sunny.",
      finishReason: "stop",
    }),
  },
  refusal(
    "a key that is not valid",
    400,
    {
      code: 400,
      message: "API key not valid. Please pass a valid API key.",
      status: "INVALID_ARGUMENT",
      details: [
        { "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason: "API_KEY_INVALID", domain: "googleapis.com" },
      ],
    },
    { kind: "auth", retryable: false },
  ),
  refusal(
    "a limit a minute",
    429,
    {
      code: 429,
      message: "You exceeded your current quota.",
      status: "RESOURCE_EXHAUSTED",
      details: [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "34.07s" }],
    },
    { kind: "rate-limit", retryable: true, retryAfterMs: 34_070 },
  ),
  stream(
    "an error in the middle",
    [chunk([{ text: "It is " }]), { error: { code: 503, message: "The model is overloaded.", status: "UNAVAILABLE" } }],
    { text: "It is ", finishReason: "error", error: { kind: "overloaded" } },
  ),
];
