import type { ExpectedAnswer, ProviderSample } from "@plugboard/testing";

// Written from OpenAI's API reference (chat completions, streaming, error codes) and guides (function calling, structured outputs),
// and from Azure's page on content filtering; November 2026.

const call = {
  model: "gpt-4o-mini",
  messages: [{ role: "user", content: "What is the weather in Lima and in Oslo?" }],
  tools: [
    {
      name: "get_weather",
      description: "The weather of a city",
      input: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
    },
  ],
} as const;

interface Parts {
  readonly name: string;
  readonly expected: ExpectedAnswer;
  readonly exercises?: readonly string[];
}

function sample(
  form: Pick<ProviderSample, "mode" | "framing" | "status" | "headers">,
  body: string,
  { name, expected, exercises = [] }: Parts,
): ProviderSample {
  return { name, ...form, call, body: new TextEncoder().encode(body), expected, exercises };
}

const json = { "content-type": "application/json" };

function whole(message: object, finish_reason: string, parts: Parts, more: object = {}): ProviderSample {
  const body = {
    id: "chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT",
    object: "chat.completion",
    created: 1_741_569_952,
    model: "gpt-4o-mini-2024-07-18",
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: null, refusal: null, ...message },
        logprobs: null,
        finish_reason,
      },
    ],
    usage: {
      prompt_tokens: 82,
      completion_tokens: 17,
      total_tokens: 99,
      prompt_tokens_details: { cached_tokens: 64, audio_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
    },
    service_tier: "default",
    ...more,
  };
  return sample(
    { mode: "generate", framing: "json", status: 200, headers: json },
    JSON.stringify(body, undefined, 2),
    parts,
  );
}

function failed(
  status: number,
  error: object,
  parts: Parts,
  headers: Readonly<Record<string, string>> = {},
): ProviderSample {
  const form = { mode: "generate", framing: "json", status, headers: { ...json, ...headers } } as const;
  return sample(form, JSON.stringify({ error }, undefined, 2), parts);
}

/** A stream of whole events; `[DONE]` among them where the server says it. */
function stream(events: readonly (object | string)[], parts: Parts): ProviderSample {
  const body = events.map((event) => `data: ${typeof event === "string" ? event : JSON.stringify(event)}\n\n`).join("");
  const headers = { "content-type": "text/event-stream; charset=utf-8" };
  return sample({ mode: "stream", framing: "sse", status: 200, headers }, body, parts);
}

function chunk(delta: object, finish_reason: string | null = null): object {
  return {
    id: "chatcmpl-B9MHDbslfkBeAs8l4bebGdFOJ6PeG",
    object: "chat.completion.chunk",
    created: 1_741_570_283,
    model: "gpt-4o-mini-2024-07-18",
    system_fingerprint: "fp_44709d6fcb",
    choices: [{ index: 0, delta, logprobs: null, finish_reason }],
    usage: null,
  };
}

const counts = {
  ...chunk({}),
  choices: [],
  usage: {
    prompt_tokens: 82,
    completion_tokens: 17,
    total_tokens: 99,
    completion_tokens_details: { reasoning_tokens: 9 },
  },
};
const usage = { inputTokens: 82, outputTokens: 17 };
const opening = chunk({ role: "assistant", content: "", refusal: null });
const done = "[DONE]";

const lima = {
  id: "call_DdmO9pD3xa9XTPNJ32zg2hcA",
  type: "function",
  function: { name: "get_weather", arguments: '{"city":"Lima"}' },
};
const oslo = {
  id: "call_XyzO9pD3xa9XTPNJ32zg2hcB",
  type: "function",
  function: { name: "get_weather", arguments: '{"city": "Oslo"}' },
};
const calls = [
  { id: lima.id, name: "get_weather", input: { city: "Lima" } },
  { id: oslo.id, name: "get_weather", input: { city: "Oslo" } },
];

/** What OpenAI sends, by its documentation. */
export const openaiSamples: readonly ProviderSample[] = [
  whole({ content: "Zwölf Grad in Lima 🌫️." }, "stop", {
    name: "text",
    expected: {
      text: "Zwölf Grad in Lima 🌫️.",
      reasoning: "",
      toolCalls: [],
      finishReason: "stop",
      usage: { ...usage, cachedInputTokens: 64 },
    },
  }),
  whole({ tool_calls: [lima, oslo] }, "tool_calls", {
    name: "two tools at once",
    expected: { text: "", toolCalls: calls, finishReason: "tool-calls", usage },
  }),
  whole({ content: '{"city":"Lima","degrees":12}' }, "stop", {
    name: "structured output",
    expected: { text: '{"city":"Lima","degrees":12}', finishReason: "stop" },
  }),
  whole({ refusal: "I'm sorry, I cannot assist with that request." }, "stop", {
    name: "a refusal",
    expected: { refusal: "I'm sorry, I cannot assist with that request.", toolCalls: [] },
  }),
  whole({ content: "It is" }, "length", {
    name: "the limit of tokens",
    expected: { text: "It is", finishReason: "length" },
  }),
  whole({ content: "It is" }, "content_filter", {
    name: "a filtered answer",
    expected: { text: "It is", finishReason: "content-filter" },
  }),
  failed(
    401,
    {
      message: "Incorrect API key provided: sk-abc****.",
      type: "invalid_request_error",
      param: null,
      code: "invalid_api_key",
    },
    {
      name: "a wrong key",
      expected: { finishReason: "error", error: { kind: "auth", status: 401, retryable: false } },
    },
  ),
  failed(
    429,
    { message: "Rate limit reached for gpt-4o-mini.", type: "requests", param: null, code: "rate_limit_exceeded" },
    {
      name: "too many requests",
      expected: {
        finishReason: "error",
        error: { kind: "rate-limit", status: 429, retryAfterMs: 1200, retryable: true },
      },
    },
    { "retry-after-ms": "1200", "retry-after": "2" },
  ),
  failed(
    429,
    {
      message: "You exceeded your current quota.",
      type: "insufficient_quota",
      param: null,
      code: "insufficient_quota",
    },
    {
      name: "a spent account",
      expected: { finishReason: "error", error: { kind: "quota", status: 429, retryable: false } },
    },
  ),
  failed(
    400,
    {
      message:
        "This model's maximum context length is 128000 tokens. However, your messages resulted in 160013 tokens.",
      type: "invalid_request_error",
      param: "messages",
      code: "context_length_exceeded",
    },
    { name: "too long a prompt", expected: { finishReason: "error", error: { kind: "context-length", status: 400 } } },
  ),
  failed(
    400,
    { message: "The response was filtered.", type: null, param: "prompt", code: "content_filter", status: 400 },
    { name: "a filtered prompt", expected: { finishReason: "error", error: { kind: "content-filter", status: 400 } } },
  ),
  failed(
    500,
    {
      message: "The server had an error while processing your request.",
      type: "server_error",
      param: null,
      code: null,
    },
    {
      name: "a broken server",
      expected: { finishReason: "error", error: { kind: "server", status: 500, retryable: true } },
    },
  ),
  stream(
    [
      opening,
      chunk({ content: "Zwölf " }),
      chunk({ content: "Grad " }),
      chunk({ content: "🌫️." }),
      chunk({}, "stop"),
      counts,
      done,
    ],
    {
      name: "a stream with usage at its end",
      expected: {
        text: "Zwölf Grad 🌫️.",
        reasoning: "",
        toolCalls: [],
        finishReason: "stop",
        usage: { ...usage, reasoningTokens: 9 },
      },
      exercises: ["usage-only-chunk"],
    },
  ),
  stream(
    [
      opening,
      chunk({ tool_calls: [{ index: 0, ...lima, function: { name: "get_weather", arguments: "" } }] }),
      chunk({ tool_calls: [{ index: 0, function: { arguments: '{"city":' } }] }),
      chunk({ tool_calls: [{ index: 0, function: { arguments: '"Lima"}' } }] }),
      chunk({ tool_calls: [{ index: 1, ...oslo, function: { name: "get_weather", arguments: "" } }] }),
      chunk({ tool_calls: [{ index: 1, function: { arguments: '{"city": "Oslo"}' } }] }),
      chunk({}, "tool_calls"),
      counts,
      done,
    ],
    { name: "a stream of two tools", expected: { text: "", toolCalls: calls, finishReason: "tool-calls", usage } },
  ),
  stream([opening, chunk({ refusal: "I cannot " }), chunk({ refusal: "do that." }), chunk({}, "stop"), done], {
    name: "a streamed refusal",
    expected: { refusal: "I cannot do that." },
  }),
  stream([opening, chunk({ content: "It is" }), chunk({}, "length"), done], {
    name: "a stream at the limit of tokens",
    expected: { text: "It is", finishReason: "length" },
  }),
  stream(
    [
      opening,
      chunk({ content: "It is" }),
      { error: { message: "The server had an error.", type: "server_error", code: null } },
    ],
    {
      name: "a stream that breaks off with an error",
      expected: { text: "It is", finishReason: "error", error: { kind: "server" } },
    },
  ),
  stream([opening, chunk({ content: "It is" })], {
    name: "a stream that is cut",
    expected: { text: "It is", finishReason: "error", error: { kind: "truncated" } },
  }),
  stream(
    [
      {
        id: "",
        object: "",
        created: 0,
        model: "",
        choices: [],
        prompt_filter_results: [{ prompt_index: 0, content_filter_results: {} }],
      },
      opening,
      chunk({ content: "It is" }),
      chunk({}, "content_filter"),
      done,
    ],
    {
      name: "a stream that Azure filters",
      expected: { text: "It is", finishReason: "content-filter" },
      exercises: ["azure-prompt-filter-chunk"],
    },
  ),
];
