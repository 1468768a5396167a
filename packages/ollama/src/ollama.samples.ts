import type { ExpectedAnswer, ProviderSample } from "@plugboard/testing";

// Written from Ollama's documentation (docs/api.md, docs/api/errors.mdx, docs/capabilities/thinking.mdx of ollama/ollama, August 2026).

const time = "2026-08-21T18:48:22.123456Z";

const ask = {
  model: "llama3.2",
  messages: [{ role: "user", content: "What is the weather in Tokyo?" }],
  tools: [
    {
      name: "get_weather",
      description: "Weather of a city",
      input: { type: "object", properties: { city: { type: "string" } } },
    },
  ],
} as const;

const counts = { total_duration: 182_242_375, load_duration: 41_295_167, prompt_eval_count: 169, eval_count: 15 };

interface Body {
  readonly name: string;
  readonly expected: ExpectedAnswer;
  readonly exercises?: readonly string[];
}

function streamed(lines: readonly object[], rest: Body): ProviderSample {
  const body = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
  return sample(body, "application/x-ndjson", 200, { mode: "stream", framing: "ndjson" }, rest);
}

function whole(body: object, rest: Body, status = 200): ProviderSample {
  return sample(
    JSON.stringify(body),
    "application/json; charset=utf-8",
    status,
    { mode: "generate", framing: "json" },
    rest,
  );
}

function sample(
  body: string,
  type: string,
  status: number,
  form: Pick<ProviderSample, "mode" | "framing">,
  { name, expected, exercises = [] }: Body,
): ProviderSample {
  const headers = { "content-type": type };
  return { name, ...form, call: ask, status, headers, body: new TextEncoder().encode(body), expected, exercises };
}

function piece(message: object): object {
  return { model: "llama3.2", created_at: time, message: { role: "assistant", content: "", ...message }, done: false };
}

function end(more: object, message: object = {}): object {
  return { ...piece(message), done: true, ...more };
}

const call = { function: { name: "get_weather", arguments: { city: "Tokyo" } } };

export const samples: readonly ProviderSample[] = [
  streamed([piece({ content: "It is " }), piece({ content: "12 °C 🌧️" }), end({ done_reason: "stop", ...counts })], {
    name: "stream-text",
    expected: {
      text: "It is 12 °C 🌧️",
      reasoning: "",
      toolCalls: [],
      finishReason: "stop",
      usage: { inputTokens: 169, outputTokens: 15 },
    },
    exercises: ["unicode"],
  }),
  streamed(
    [
      piece({ thinking: "A city." }),
      piece({ thinking: " A tool." }),
      piece({ tool_calls: [{ ...call, id: "call_1" }, { function: { name: "get_weather", arguments: {} } }] }),
      end({ done_reason: "stop", ...counts }),
    ],
    {
      name: "stream-thinking-parallel-tools",
      expected: {
        text: "",
        reasoning: "A city. A tool.",
        toolCalls: [
          { id: "call_1", name: "get_weather", input: { city: "Tokyo" } },
          { name: "get_weather", input: {} },
        ],
        finishReason: "tool-calls",
      },
    },
  ),
  streamed([piece({ content: "It" }), end({ done_reason: "length", eval_count: 1 })], {
    name: "stream-length-prompt-cached",
    expected: { text: "It", finishReason: "length", usage: { outputTokens: 1 } },
  }),
  streamed([piece({ content: "Hello" }), { model: "llama3.2", created_at: time, done: true, ...counts }], {
    name: "stream-old-server-no-reason-no-message",
    expected: { text: "Hello", finishReason: "stop" },
  }),
  streamed([piece({ content: "It" }), { error: "an error was encountered while running the model" }], {
    name: "stream-error-line",
    expected: { text: "It", finishReason: "error", error: { kind: "server" } },
  }),
  streamed([{ error: "server busy, please try again.  maximum pending requests exceeded" }], {
    name: "stream-error-line-first",
    expected: { finishReason: "error", error: { kind: "overloaded" } },
  }),
  whole(end({ done_reason: "stop", ...counts }, { content: "Rain.", thinking: "Tokyo" }), {
    name: "unary-thinking",
    expected: {
      text: "Rain.",
      reasoning: "Tokyo",
      finishReason: "stop",
      usage: { inputTokens: 169, outputTokens: 15 },
    },
  }),
  whole(end({ done_reason: "stop", ...counts }, { tool_calls: [call] }), {
    name: "unary-tool-without-id",
    expected: { toolCalls: [{ name: "get_weather", input: { city: "Tokyo" } }], finishReason: "tool-calls" },
  }),
  whole(end({ done_reason: "load" }), { name: "unary-load", expected: { text: "", finishReason: "other" } }),
  whole(
    { error: "model 'nope' not found" },
    { name: "unary-404", expected: { finishReason: "error", error: { kind: "not-found", status: 404 } } },
    404,
  ),
  whole(
    { error: "you (somebody) have reached your weekly usage limit, upgrade for higher limits" },
    { name: "unary-429-plan-spent", expected: { finishReason: "error", error: { kind: "quota", status: 429 } } },
    429,
  ),
];
