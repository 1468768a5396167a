import type { Json } from "@plugboard/core";
import type { ExpectedAnswer, ProviderSample } from "@plugboard/testing";

// Written from Anthropic's documentation of messages, streaming, extended thinking and errors, as it stood in November 2026.

const model = "claude-sonnet-4-6";
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

function message(content: readonly Json[], stopReason: string, usage: Json, more: Record<string, Json> = {}): Json {
  const head = { id: "msg_written", type: "message", role: "assistant", model };
  return { ...head, content, stop_reason: stopReason, stop_sequence: null, usage, ...more };
}

function whole(name: string, body: Json, expected: ExpectedAnswer, call: Call = question): ProviderSample {
  const headers = { "content-type": "application/json", "request-id": "req_written" };
  return {
    name,
    mode: "generate",
    call,
    status: 200,
    headers,
    body: encoder.encode(JSON.stringify(body)),
    framing: "json",
    expected,
    exercises: [],
  };
}

function refusal(
  name: string,
  status: number,
  error: Json,
  expected: NonNullable<ExpectedAnswer["error"]>,
  more: Record<string, string> = {},
): ProviderSample {
  const body = { type: "error", error, request_id: "req_written" };
  return {
    ...whole(name, body, { finishReason: "error", error: { status, ...expected } }),
    status,
    headers: { "content-type": "application/json", ...more },
  };
}

function stream(
  name: string,
  events: readonly Record<string, Json>[],
  expected: ExpectedAnswer,
  call: Call = question,
): ProviderSample {
  const text = events.map((event) => `event: ${event["type"] as string}\ndata: ${JSON.stringify(event)}\n\n`).join("");
  const headers = { "content-type": "text/event-stream; charset=utf-8", "request-id": "req_written" };
  return {
    name,
    mode: "stream",
    call,
    status: 200,
    headers,
    body: encoder.encode(text),
    framing: "sse",
    expected,
    exercises: [],
  };
}

const begin = {
  type: "message_start",
  message: message([], "", { input_tokens: 25, output_tokens: 1 }, { stop_reason: null }),
};
const ping = { type: "ping" };

function block(index: number, content: Json, ...deltas: readonly Json[]): Record<string, Json>[] {
  return [
    { type: "content_block_start", index, content_block: content },
    ...deltas.map((delta) => ({ type: "content_block_delta", index, delta })),
    { type: "content_block_stop", index },
  ];
}

function text(index: number, ...pieces: readonly string[]): Record<string, Json>[] {
  return block(index, { type: "text", text: "" }, ...pieces.map((piece) => ({ type: "text_delta", text: piece })));
}

function call(index: number, id: string, name: string, ...pieces: readonly string[]): Record<string, Json>[] {
  const deltas = ["", ...pieces].map((piece) => ({ type: "input_json_delta", partial_json: piece }));
  return block(index, { type: "tool_use", id, name, input: {} }, ...deltas);
}

function end(stopReason: string, outputTokens: number, more: Record<string, Json> = {}): Record<string, Json>[] {
  return [
    {
      type: "message_delta",
      delta: { stop_reason: stopReason, stop_sequence: null, ...more },
      usage: { output_tokens: outputTokens },
    },
    { type: "message_stop" },
  ];
}

const sunny = {
  text: "It is sunny in Zürich ☀️.",
  finishReason: "stop",
  usage: { inputTokens: 25, outputTokens: 12 },
} as const;

export const samples: readonly ProviderSample[] = [
  whole(
    "text",
    message([{ type: "text", text: sunny.text }], "end_turn", { input_tokens: 25, output_tokens: 12 }),
    sunny,
  ),
  stream("text in a stream", [begin, ping, ...text(0, "It is sunny", " in Zürich ☀️."), ...end("end_turn", 12)], sunny),
  stream(
    "events and blocks that are younger than this adapter",
    [
      begin,
      { type: "message_mood", mood: "good" },
      ...block(0, { type: "dream", content: null }, { type: "dream_delta", content: "sheep" }),
      ...text(1, sunny.text),
      ...end("end_turn", 12),
    ],
    sunny,
  ),
  whole(
    "cache reads and writes are part of the input",
    message([{ type: "text", text: "Yes." }], "end_turn", {
      input_tokens: 3,
      cache_read_input_tokens: 1000,
      cache_creation_input_tokens: 200,
      cache_creation: { ephemeral_5m_input_tokens: 50, ephemeral_1h_input_tokens: 150 },
      output_tokens: 2,
    }),
    { text: "Yes.", finishReason: "stop", usage: { inputTokens: 1203, outputTokens: 2, cachedInputTokens: 1000 } },
  ),
  stream(
    "usage that is told twice",
    [
      begin,
      ...text(0, "Yes."),
      {
        type: "message_delta",
        delta: { stop_reason: "end_turn", stop_sequence: null },
        usage: { input_tokens: 40, cache_read_input_tokens: 5, output_tokens: 9 },
      },
      { type: "message_stop" },
    ],
    { text: "Yes.", finishReason: "stop", usage: { inputTokens: 45, outputTokens: 9, cachedInputTokens: 5 } },
  ),
  stream(
    "two tool calls, one of them without arguments",
    [
      begin,
      ...text(0, "Let me look."),
      ...call(1, "toolu_a", "weather", '{"city": ', '"Zürich"}'),
      ...call(2, "toolu_b", "now"),
      ...end("tool_use", 60),
    ],
    {
      text: "Let me look.",
      toolCalls: [
        { id: "toolu_a", name: "weather", input: { city: "Zürich" } },
        { id: "toolu_b", name: "now", input: {} },
      ],
      finishReason: "tool-calls",
    },
    withTools,
  ),
  whole(
    "a tool call",
    message([{ type: "tool_use", id: "toolu_a", name: "weather", input: { city: "Basel" } }], "tool_use", {
      input_tokens: 9,
      output_tokens: 5,
    }),
    { text: "", toolCalls: [{ id: "toolu_a", name: "weather", input: { city: "Basel" } }], finishReason: "tool-calls" },
    withTools,
  ),
  stream(
    "a tool call that the limit cut in the middle",
    [begin, ...text(0, "Let me look."), ...call(1, "toolu_a", "weather", '{"city": "Zü'), ...end("max_tokens", 20)],
    { text: "Let me look.", toolCalls: [], finishReason: "length" },
    withTools,
  ),
  stream(
    "a tool call that the limit cut before its first argument",
    [begin, ...call(0, "toolu_a", "weather"), ...end("max_tokens", 20)],
    { toolCalls: [], finishReason: "length" },
    withTools,
  ),
  whole(
    "a tool call in one body that the limit cut",
    message([{ type: "tool_use", id: "toolu_a", name: "weather", input: {} }], "max_tokens", {
      input_tokens: 9,
      output_tokens: 5,
    }),
    { toolCalls: [], finishReason: "length" },
    withTools,
  ),
  stream(
    "thoughts with a signature, and thoughts that are not shown",
    [
      begin,
      ...block(
        0,
        { type: "thinking", thinking: "", signature: "" },
        { type: "thinking_delta", thinking: "Sunny? " },
        { type: "thinking_delta", thinking: "Sunny." },
        { type: "signature_delta", signature: "c2lnbmVk" },
      ),
      ...block(1, { type: "redacted_thinking", data: "c2VjcmV0" }),
      ...text(2, sunny.text),
      ...end("end_turn", 12),
    ],
    { ...sunny, reasoning: "Sunny? Sunny." },
  ),
  whole(
    "a search that Anthropic ran, whose call is elsewhere",
    message(
      [
        { type: "web_search_tool_result", tool_use_id: "srvtoolu_a", caller: { type: "direct" }, content: [] },
        { type: "text", text: "Nothing found." },
      ],
      "end_turn",
      { input_tokens: 30, output_tokens: 8, server_tool_use: { web_search_requests: 1 } },
    ),
    { text: "Nothing found.", toolCalls: [], finishReason: "stop" },
  ),
  stream(
    "a refusal",
    [
      begin,
      ...text(0, "I"),
      ...end("refusal", 3, { stop_details: { type: "refusal", category: "cyber", explanation: null } }),
    ],
    {
      text: "I",
      finishReason: "content-filter",
    },
  ),
  whole("a pause", message([{ type: "text", text: "…" }], "pause_turn", { input_tokens: 1, output_tokens: 1 }), {
    text: "…",
    finishReason: "other",
  }),
  whole(
    "a context that is full",
    message([{ type: "text", text: "So" }], "model_context_window_exceeded", { input_tokens: 1, output_tokens: 1 }),
    {
      text: "So",
      finishReason: "length",
    },
  ),
  stream(
    "an error as the very first event",
    [{ type: "error", error: { type: "overloaded_error", message: "Overloaded" } }],
    {
      finishReason: "error",
      error: { kind: "overloaded", retryable: true },
    },
  ),
  stream(
    "an error in the middle",
    [
      begin,
      ...text(0, "It is").slice(0, -1),
      { type: "error", error: { type: "api_error", message: "Internal server error" } },
    ],
    {
      text: "It is",
      finishReason: "error",
      error: { kind: "server", retryable: true },
    },
  ),
  refusal(
    "a wrong key",
    401,
    { type: "authentication_error", message: "invalid x-api-key" },
    { kind: "auth", retryable: false },
  ),
  refusal(
    "a key without the right",
    403,
    { type: "permission_error", message: "Your API key may not use this model." },
    { kind: "permission" },
  ),
  refusal(
    "a model that is not there",
    404,
    { type: "not_found_error", message: "model: claude-0" },
    { kind: "not-found" },
  ),
  refusal(
    "too many requests",
    429,
    { type: "rate_limit_error", message: "This request would exceed the rate limit for your organization." },
    { kind: "rate-limit", retryAfterMs: 12_000, retryable: true },
    { "retry-after": "12" },
  ),
  refusal(
    "a spend limit, which no wait lifts",
    429,
    {
      type: "rate_limit_error",
      message: "You have reached your limit.",
      details: { error_code: "enforced_spend_limit_reached" },
    },
    { kind: "quota", retryable: false },
  ),
  refusal(
    "an account without credit",
    400,
    { type: "invalid_request_error", message: "Your credit balance is too low to access the Anthropic API." },
    { kind: "quota", retryable: false },
  ),
  refusal(
    "a prompt that is too long",
    400,
    { type: "invalid_request_error", message: "prompt is too long: 250000 tokens > 200000 maximum" },
    { kind: "context-length", retryable: false },
  ),
  refusal(
    "a body that is too large",
    413,
    { type: "request_too_large", message: "Request exceeds the maximum size" },
    { kind: "invalid-request" },
  ),
  refusal(
    "a server error",
    500,
    { type: "api_error", message: "Internal server error" },
    { kind: "server", retryable: true },
  ),
  refusal(
    "too much load",
    529,
    { type: "overloaded_error", message: "Overloaded" },
    { kind: "overloaded", retryable: true },
  ),
];
