import type { Json } from "@plugboard/core";
import type { ExpectedAnswer, ProviderSample } from "@plugboard/testing";
import { awsFrame as frame } from "@plugboard/recordings";

// Written from the API reference of Converse and ConverseStream and the guide to tool use, as they stood in November 2026.

const question: ProviderSample["call"] = {
  model: "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
  messages: [{ role: "user", content: "What is the weather?" }],
};
const withTools: ProviderSample["call"] = {
  ...question,
  tools: [
    { name: "weather", input: { type: "object", properties: { city: { type: "string" } }, required: ["city"] } },
    { name: "now", input: { type: "object", properties: {} } },
  ],
};

function whole(
  name: string,
  content: readonly Json[],
  stopReason: string,
  expected: ExpectedAnswer,
  call = question,
): ProviderSample {
  const usage = { inputTokens: 25, outputTokens: 12, totalTokens: 37 };
  const body = { output: { message: { role: "assistant", content } }, stopReason, usage, metrics: { latencyMs: 300 } };
  return {
    name,
    mode: "generate",
    call,
    status: 200,
    headers: { "content-type": "application/json", "x-amzn-requestid": "a-request" },
    body: new TextEncoder().encode(JSON.stringify(body)),
    framing: "json",
    expected,
    exercises: [],
  };
}

function refusal(
  name: string,
  status: number,
  type: string,
  message: string,
  expected: NonNullable<ExpectedAnswer["error"]>,
): ProviderSample {
  return {
    ...whole(name, [], "", { finishReason: "error", error: { status, ...expected } }),
    status,
    headers: { "content-type": "application/json", "x-amzn-errortype": type },
    body: new TextEncoder().encode(JSON.stringify({ message })),
  };
}

function stream(
  name: string,
  frames: readonly Uint8Array[],
  expected: ExpectedAnswer,
  call = question,
): ProviderSample {
  return {
    name,
    mode: "stream",
    call,
    status: 200,
    headers: { "content-type": "application/vnd.amazon.eventstream", "x-amzn-requestid": "a-request" },
    body: Buffer.concat(frames),
    framing: "aws-eventstream",
    expected,
    exercises: [],
  };
}

const begin = frame("messageStart", { role: "assistant", p: "abc" });

/** A content block; of a text there is no beginning. */
export function block(contentBlockIndex: number, start: Json | undefined, ...deltas: readonly Json[]): Uint8Array[] {
  return [
    ...(start === undefined ? [] : [frame("contentBlockStart", { contentBlockIndex, start, p: "a" })]),
    ...deltas.map((delta) => frame("contentBlockDelta", { contentBlockIndex, delta, p: "abcdefg" })),
    frame("contentBlockStop", { contentBlockIndex, p: "ab" }),
  ];
}

function end(stopReason: string, usage: Json = { inputTokens: 25, outputTokens: 12, totalTokens: 37 }): Uint8Array[] {
  return [frame("messageStop", { stopReason }), frame("metadata", { usage, metrics: { latencyMs: 300 }, p: "abcd" })];
}

const sunny = {
  text: "It is sunny in Zürich ☀️, and it will be so for some time to come.",
  finishReason: "stop",
  usage: { inputTokens: 25, outputTokens: 12 },
} as const;
const pieces = ["It is sunny", " in Zürich ☀️, and it", " will be so for some", " time to come."].map((text) => ({
  text,
}));

export const samples: readonly ProviderSample[] = [
  whole("text", [{ text: sunny.text }], "end_turn", sunny),
  whole(
    "calls of tools, one without arguments",
    [
      { text: "Let me see." },
      { toolUse: { toolUseId: "tooluse_1", name: "weather", input: { city: "Zürich" } } },
      { toolUse: { toolUseId: "tooluse_2", name: "now", input: "" } },
    ],
    "tool_use",
    {
      text: "Let me see.",
      toolCalls: [
        { id: "tooluse_1", name: "weather", input: { city: "Zürich" } },
        { id: "tooluse_2", name: "now", input: {} },
      ],
      finishReason: "tool-calls",
    },
    withTools,
  ),
  whole("a limit in the middle of a call", [{ toolUse: { toolUseId: "1", name: "now", input: {} } }], "max_tokens", {
    toolCalls: [],
    finishReason: "length",
  }),
  whole("a guardrail", [{ text: "I may not say." }], "guardrail_intervened", {
    text: "I may not say.",
    finishReason: "content-filter",
  }),
  refusal("a key that is none", 403, "UnrecognizedClientException:http://internal.amazon.com/", "Not valid.", {
    kind: "auth",
    retryable: false,
  }),
  refusal("an unknown model", 400, "ValidationException:http://x/", "The provided model identifier is invalid.", {
    kind: "not-found",
    retryable: false,
  }),
  refusal("a prompt that is too long", 400, "ValidationException", "Input is too long for requested model.", {
    kind: "context-length",
  }),
  refusal("too many requests", 429, "ThrottlingException:", "Too many requests.", {
    kind: "rate-limit",
    retryable: true,
  }),
  refusal("too many tokens for a day", 429, "ThrottlingException", "Too many tokens per day, please wait.", {
    kind: "quota",
    retryable: false,
  }),
  refusal("a clock that is wrong", 403, "InvalidSignatureException:http://x/", "Signature not yet current.", {
    kind: "auth",
  }),
  refusal("a busy model", 429, "ModelNotReadyException", "Model is not ready.", {
    kind: "overloaded",
    retryable: true,
  }),

  stream("streamed text", [begin, ...block(0, undefined, ...pieces), ...end("end_turn")], sunny),
  stream(
    "streamed text whose block has a beginning, and counts before the end",
    [
      begin,
      ...block(0, {}, { text: "" }, ...pieces),
      frame("metadata", { usage: { inputTokens: 25, outputTokens: 12, totalTokens: 37 }, metrics: { latencyMs: 3 } }),
      frame("messageStop", { stopReason: "stop_sequence" }),
    ],
    sunny,
  ),
  stream(
    "streamed calls, one without arguments",
    [
      begin,
      ...block(0, undefined, { text: "Let me see." }),
      ...block(
        1,
        { toolUse: { toolUseId: "tooluse_1", name: "weather" } },
        { toolUse: { input: "" } },
        { toolUse: { input: '{"city": "Zü' } },
        { toolUse: { input: 'rich"}' } },
      ),
      ...block(2, { toolUse: { toolUseId: "tooluse_2", name: "now" } }, { toolUse: { input: "" } }),
      ...end("tool_use"),
    ],
    {
      text: "Let me see.",
      toolCalls: [
        { id: "tooluse_1", name: "weather", input: { city: "Zürich" } },
        { id: "tooluse_2", name: "now", input: {} },
      ],
      finishReason: "tool-calls",
    },
    withTools,
  ),
  stream(
    "a streamed call that a limit cut",
    [
      begin,
      ...block(0, undefined, { text: "Let me see, since I do not know it." }),
      ...block(1, { toolUse: { toolUseId: "tooluse_1", name: "weather" } }, { toolUse: { input: '{"city": "Zü' } }),
      ...end("max_tokens"),
    ],
    { text: "Let me see, since I do not know it.", toolCalls: [], finishReason: "length" },
    withTools,
  ),
  stream(
    "streamed thoughts with a signature",
    [
      begin,
      ...block(
        0,
        undefined,
        { reasoningContent: { text: "Weather: " } },
        { reasoningContent: { text: "sunny." } },
        { reasoningContent: { signature: "EqQB" } },
      ),
      ...block(1, undefined, ...pieces),
      ...end("end_turn", {
        inputTokens: 5,
        outputTokens: 12,
        totalTokens: 37,
        cacheReadInputTokens: 15,
        cacheWriteInputTokens: 5,
      }),
    ],
    {
      ...sunny,
      reasoning: "Weather: sunny.",
      usage: { inputTokens: 25, outputTokens: 12, cachedInputTokens: 15 },
    },
  ),
  ...(
    [
      ["throttlingException", "rate-limit"],
      ["serviceUnavailableException", "overloaded"],
      ["internalServerException", "server"],
      ["modelStreamErrorException", "server"],
      ["validationException", "invalid-request"],
    ] as const
  ).map(([type, kind]) =>
    stream(
      `an exception after some text: ${type}`,
      [begin, ...pieces.map((delta) => frame("contentBlockDelta", { contentBlockIndex: 0, delta })), exception(type)],
      { text: sunny.text, finishReason: "error", error: { kind } },
    ),
  ),
  stream("an exception before any text", [exception("throttlingException")], {
    finishReason: "error",
    error: { kind: "rate-limit", retryable: true },
  }),
  stream(
    "an exception that answers the counting of tokens",
    [begin, frame("validationException", { message: "Input is too long for requested model." }, "exception")],
    { finishReason: "error", error: { kind: "context-length" } },
  ),
];

function exception(type: string): Buffer {
  return frame(type, { message: "It did not work out." }, "exception");
}
