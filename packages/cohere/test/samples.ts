import type { Json } from "@plugboard/core";
import type { ExpectedAnswer, ProviderSample } from "@plugboard/testing";

// Written from Cohere's documentation of chat, streaming, citations, reasoning and errors, as it stood in November 2026.

const encoder = new TextEncoder();

const call: ProviderSample["call"] = {
  model: "command-a-03-2025",
  messages: [{ role: "user", content: "What is the weather in Zürich?" }],
  tools: [
    { name: "weather", input: { type: "object", properties: { city: { type: "string" } }, required: ["city"] } },
    { name: "now", input: { type: "object", properties: {} } },
  ],
};

function whole(name: string, body: Json, expected: ExpectedAnswer, status = 200): ProviderSample {
  const headers = { "content-type": "application/json" };
  const bytes = encoder.encode(JSON.stringify(body));
  return { name, mode: "generate", call, status, headers, body: bytes, framing: "json", expected, exercises: [] };
}

function stream(name: string, events: readonly Record<string, Json>[], expected: ExpectedAnswer): ProviderSample {
  const text = events.map((event) => `event: ${event["type"] as string}\ndata: ${JSON.stringify(event)}\n\n`).join("");
  const body = encoder.encode(`${text}data: [DONE]\n\n`);
  const headers = { "content-type": "text/event-stream" };
  return { name, mode: "stream", call, status: 200, headers, body, framing: "sse", expected, exercises: [] };
}

const usage = { billed_units: { input_tokens: 5, output_tokens: 9 }, tokens: { input_tokens: 25, output_tokens: 12 } };
const counts = { inputTokens: 25, outputTokens: 12 };
const begin = { type: "message-start", id: "c14c80c3", delta: { message: { role: "assistant", content: [] } } };

/** The events of a content block, which the documentation names by its place. */
function block(index: number, member: "text" | "thinking", ...pieces: readonly string[]): Record<string, Json>[] {
  return [
    { type: "content-start", index, delta: { message: { content: { type: member, [member]: "" } } } },
    ...pieces.map((piece) => ({ type: "content-delta", index, delta: { message: { content: { [member]: piece } } } })),
    { type: "content-end", index },
  ];
}

function toolCall(index: number, id: string, name: string, ...pieces: readonly string[]): Record<string, Json>[] {
  const started = { id, type: "function", function: { name, arguments: "" } };
  return [
    { type: "tool-call-start", index, delta: { message: { tool_calls: started } } },
    ...pieces.map((piece) => ({
      type: "tool-call-delta",
      index,
      delta: { message: { tool_calls: { function: { arguments: piece } } } },
    })),
    { type: "tool-call-end", index },
  ];
}

function plan(...pieces: readonly string[]): Record<string, Json>[] {
  return pieces.map((piece) => ({ type: "tool-plan-delta", delta: { message: { tool_plan: piece } } }));
}

function end(reason: string, more: Record<string, Json> = {}): Record<string, Json> {
  return { type: "message-end", delta: { finish_reason: reason, usage, ...more } };
}

function message(members: Record<string, Json>, reason: string, more: Record<string, Json> = {}): Json {
  return { id: "c14c80c3", message: { role: "assistant", ...members }, finish_reason: reason, usage, ...more };
}

const citation = {
  start: 14,
  end: 19,
  text: "sunny",
  sources: [{ type: "document", id: "doc:0", document: { id: "doc:0", title: "Weather", text: "Sunny." } }],
  type: "TEXT_CONTENT",
};

export const samples: readonly ProviderSample[] = [
  stream("text in a stream", [begin, ...block(0, "text", "It is sunny", " in Zürich ☀️."), end("COMPLETE")], {
    text: "It is sunny in Zürich ☀️.",
    reasoning: "",
    finishReason: "stop",
    usage: counts,
  }),
  stream(
    "events that are younger than this adapter",
    [
      begin,
      { type: "mood", mood: "good" },
      { event_type: "debug", prompt: "<BOS>" },
      ...block(0, "text", "Sunny."),
      end("COMPLETE"),
    ],
    { text: "Sunny.", finishReason: "stop" },
  ),
  stream(
    "thoughts, then text with a citation that comes after the text has ended",
    [
      begin,
      ...block(0, "thinking", "The document ", "says so."),
      ...block(1, "text", "Zürich: it is ", "sunny."),
      { type: "citation-start", index: 0, delta: { message: { citations: { ...citation, content_index: 1 } } } },
      { type: "citation-end", index: 0 },
      end("COMPLETE"),
    ],
    { text: "Zürich: it is sunny.", reasoning: "The document says so.", finishReason: "stop" },
  ),
  stream(
    "a plan and two calls, one of them without arguments",
    [
      begin,
      ...plan("I will ", "look."),
      ...toolCall(0, "weather_1", "weather", '{"city": ', '"Zürich"}'),
      ...toolCall(1, "now_1", "now"),
      end("TOOL_CALL"),
    ],
    {
      text: "",
      reasoning: "",
      toolCalls: [
        { id: "weather_1", name: "weather", input: { city: "Zürich" } },
        { id: "now_1", name: "now", input: {} },
      ],
      finishReason: "tool-calls",
    },
  ),
  stream(
    "a call that the limit cut in the middle",
    [begin, ...toolCall(0, "weather_1", "weather", '{"city": "Zü').slice(0, -1), end("MAX_TOKENS")],
    { toolCalls: [], finishReason: "length" },
  ),
  stream(
    "a call that the limit cut before its first argument",
    [begin, ...toolCall(0, "now_1", "now"), end("MAX_TOKENS")],
    { toolCalls: [], finishReason: "length" },
  ),
  stream("an answer that took too long", [begin, ...block(0, "text", "It is"), end("TIMEOUT")], {
    text: "It is",
    finishReason: "error",
    error: { kind: "timeout", retryable: true },
  }),
  stream(
    "an error that says what it is",
    [begin, ...block(0, "text", "It is"), end("ERROR", { error: "internal server error" })],
    { text: "It is", finishReason: "error", error: { kind: "server", retryable: true } },
  ),
  stream("an error in place of an answer", [{ message: "internal server error" }], {
    finishReason: "error",
    error: { kind: "server", retryable: true },
  }),
  whole("text", message({ content: [{ type: "text", text: "Sunny." }] }, "COMPLETE"), {
    text: "Sunny.",
    finishReason: "stop",
    usage: counts,
  }),
  whole("an answer that ended with an error", message({ content: [{ type: "text", text: "It is" }] }, "ERROR"), {
    text: "It is",
    finishReason: "error",
    error: { kind: "server", retryable: true },
  }),
  whole(
    "calls beside thoughts, and a plan that is no text",
    message(
      {
        content: [{ type: "thinking", thinking: "Weather, then." }],
        tool_plan: "I will look.",
        tool_calls: [{ id: "now_1", type: "function", function: { name: "now", arguments: "" } }],
      },
      "TOOL_CALL",
    ),
    {
      text: "",
      reasoning: "Weather, then.",
      toolCalls: [{ id: "now_1", name: "now", input: {} }],
      finishReason: "tool-calls",
    },
  ),
  whole(
    "a call that the limit cut, whole",
    message(
      { tool_calls: [{ id: "w", type: "function", function: { name: "weather", arguments: '{"city' } }] },
      "MAX_TOKENS",
    ),
    { toolCalls: [], finishReason: "length" },
  ),
  whole(
    "more cached tokens than the prompt has",
    message({ content: [] }, "COMPLETE", {
      usage: { tokens: { input_tokens: 3, output_tokens: 1 }, cached_tokens: 9 },
    }),
    { text: "", finishReason: "stop", usage: { inputTokens: 3, outputTokens: 1, cachedInputTokens: 3 } },
  ),
  whole(
    "a trial key that is spent",
    { message: "You are using a Trial key, which is limited to 1000 API calls / month." },
    {
      finishReason: "error",
      error: { kind: "quota", status: 429, retryable: false },
    },
    429,
  ),
  whole(
    "a body without a message",
    { id: "c14c80c3" },
    {
      finishReason: "error",
      error: { kind: "parse", retryable: false },
    },
  ),
];
