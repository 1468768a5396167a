import type { ExpectedAnswer, ProviderSample } from "@plugboard/testing";

// Written from OpenAI's API reference (responses, streaming events, error codes) and its guides to reasoning, function calling, web
// search and structured outputs; November 2026. What the guides do not say, such as ids that change, is seen at compatible servers.

const call = {
  model: "gpt-5-mini",
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
}

type Form = Pick<ProviderSample, "mode" | "framing" | "status" | "headers">;

function sample(form: Form, body: string, { name, expected }: Parts): ProviderSample {
  return { name, ...form, call, body: new TextEncoder().encode(body), expected, exercises: [] };
}

const head = {
  id: "resp_67ccd2bed1ec8190b14f964abc0542670bb6a6b452d3795b",
  object: "response",
  created_at: 1_741_476_542,
  model: "gpt-5-mini-2025-08-07",
  parallel_tool_calls: true,
  store: false,
};
const counts = {
  input_tokens: 82,
  input_tokens_details: { cached_tokens: 64 },
  output_tokens: 17,
  output_tokens_details: { reasoning_tokens: 9 },
  total_tokens: 99,
};
const usage = { inputTokens: 82, outputTokens: 17, cachedInputTokens: 64, reasoningTokens: 9 };

function response(output: readonly object[], more: object = {}): object {
  return { ...head, status: "completed", error: null, incomplete_details: null, output, usage: counts, ...more };
}

function whole(body: object, parts: Parts, status = 200): ProviderSample {
  const form = { mode: "generate", framing: "json", status, headers: { "content-type": "application/json" } } as const;
  return sample(form, JSON.stringify(body, undefined, 2), parts);
}

type Event = { readonly type: string } & Readonly<Record<string, unknown>>;

function stream(events: readonly Event[], parts: Parts): ProviderSample {
  const body = events
    .map((event, place) => {
      const data = { ...event, sequence_number: place };
      return `event: ${event.type}\ndata: ${JSON.stringify(data)}\n\n`;
    })
    .join("");
  const headers = { "content-type": "text/event-stream; charset=utf-8" };
  return sample({ mode: "stream", framing: "sse", status: 200, headers }, body, parts);
}

const created: Event = { type: "response.created", response: { ...head, status: "in_progress", output: [] } };

function added(output_index: number, item: object): Event {
  return { type: "response.output_item.added", output_index, item };
}

function done(output_index: number, item: object): Event {
  return { type: "response.output_item.done", output_index, item };
}

function delta(kind: string, output_index: number, text: string, more: object = {}): Event {
  return { type: `response.${kind}.delta`, output_index, item_id: "item", content_index: 0, delta: text, ...more };
}

function completed(output: readonly object[], more: object = {}): Event {
  return { type: "response.completed", response: response(output, more) };
}

const said = "Zwölf Grad in Lima 🌫️.";
const message = {
  id: "msg_67ccd2bf17f0819081ff3bb2cf6508e6",
  type: "message",
  status: "completed",
  role: "assistant",
  content: [{ type: "output_text", text: said, annotations: [] }],
};
const begunMessage = { ...message, status: "in_progress", content: [] };
const secret = { id: "rs_68", type: "reasoning", summary: [], encrypted_content: "gAAAAABoISQ24OyVRYbk" };
const lima = {
  id: "fc_12345xyz",
  type: "function_call",
  status: "completed",
  call_id: "call_DdmO9pD3xa9XTPNJ32zg2hcA",
  name: "get_weather",
  arguments: '{"city":"Lima"}',
};
const oslo = { ...lima, id: "fc_67890abc", call_id: "call_XyzO9pD3xa9XTPNJ32zg2hcB", arguments: '{"city": "Oslo"}' };
const calls = [
  { id: lima.call_id, name: "get_weather", input: { city: "Lima" } },
  { id: oslo.call_id, name: "get_weather", input: { city: "Oslo" } },
];
const search = {
  id: "ws_67c9fa0502748190b7dd390736892e100be649c1a5ff9609",
  type: "web_search_call",
  status: "completed",
  action: { type: "search", query: "weather Lima" },
};

/** What servers of the protocol send, by its documentation. */
export const responsesSamples: readonly ProviderSample[] = [
  whole(response([secret, message]), {
    name: "text after hidden thoughts",
    expected: { text: said, reasoning: "", toolCalls: [], finishReason: "stop", usage },
  }),
  whole(response([secret, lima, oslo]), {
    name: "parallel calls",
    expected: { text: "", toolCalls: calls, finishReason: "tool-calls", usage },
  }),
  whole(
    response([{ ...message, status: "incomplete" }], {
      status: "incomplete",
      incomplete_details: { reason: "max_output_tokens" },
    }),
    { name: "cut at the limit", expected: { text: said, finishReason: "length", usage } },
  ),
  whole(response([], { status: "incomplete", incomplete_details: { reason: "content_filter" } }), {
    name: "filtered",
    expected: { text: "", toolCalls: [], finishReason: "content-filter" },
  }),
  whole(response([{ ...message, content: [{ type: "refusal", refusal: "I cannot." }] }]), {
    name: "refused",
    expected: { refusal: "I cannot.", toolCalls: [] },
  }),
  whole(
    response([], { status: "failed", error: { code: "rate_limit_exceeded", message: "Slow down." }, usage: null }),
    { name: "failed in one body", expected: { finishReason: "error", error: { kind: "rate-limit", retryable: true } } },
  ),
  whole(
    { error: { message: "Incorrect API key provided", type: "api_error", param: null, code: null } },
    { name: "a wrong key", expected: { finishReason: "error", error: { kind: "auth", status: 401 } } },
    401,
  ),
  stream(
    [
      created,
      added(0, begunMessage),
      {
        type: "response.content_part.added",
        output_index: 0,
        content_index: 0,
        part: { type: "output_text", text: "" },
      },
      delta("output_text", 0, "Zwölf Grad "),
      delta("output_text", 0, "in Lima 🌫️."),
      { type: "response.output_text.done", output_index: 0, content_index: 0, text: said },
      done(0, message),
      completed([message]),
    ],
    { name: "streamed text", expected: { text: said, reasoning: "", toolCalls: [], finishReason: "stop", usage } },
  ),
  stream(
    [
      created,
      added(0, { ...secret, encrypted_content: undefined }),
      delta("reasoning_summary_text", 0, "**Looking** ", { summary_index: 0 }),
      delta("reasoning_summary_text", 0, "it up", { summary_index: 0 }),
      delta("reasoning_summary_text", 0, "**Answering**", { summary_index: 1 }),
      done(0, { ...secret, summary: [summaryOf("**Looking** it up"), summaryOf("**Answering**")] }),
      added(1, begunMessage),
      delta("output_text", 1, said),
      done(1, message),
      completed([]),
    ],
    {
      name: "streamed summaries of thoughts",
      expected: { text: said, reasoning: "**Looking** it up\n\n**Answering**", finishReason: "stop", usage },
    },
  ),
  stream(
    [
      created,
      added(0, { id: "a", type: "reasoning", summary: [], content: [] }),
      delta("reasoning_text", 0, "Hmm."),
      done(0, { id: "a", type: "reasoning", summary: [], content: [{ type: "reasoning_text", text: "Hmm." }] }),
      added(1, begunMessage),
      delta("output_text", 1, said),
      done(1, message),
      completed([]),
    ],
    { name: "open thoughts of a local server", expected: { text: said, reasoning: "Hmm.", finishReason: "stop" } },
  ),
  stream(
    [
      created,
      added(0, { ...lima, status: "in_progress", arguments: "" }),
      added(1, { ...oslo, status: "in_progress", arguments: "" }),
      delta("function_call_arguments", 0, '{"city":'),
      delta("function_call_arguments", 1, '{"city": '),
      delta("function_call_arguments", 0, '"Lima"}'),
      delta("function_call_arguments", 1, '"Oslo"}'),
      done(0, lima),
      done(1, oslo),
      completed([lima, oslo]),
    ],
    { name: "streamed parallel calls", expected: { text: "", toolCalls: calls, finishReason: "tool-calls", usage } },
  ),
  stream(
    [
      created,
      added(0, { ...lima, id: "first", arguments: "" }),
      delta("function_call_arguments", 0, lima.arguments, { item_id: "second" }),
      done(0, { ...lima, id: "third" }),
      completed([{ ...lima, id: "fourth" }]),
    ],
    { name: "ids that change", expected: { toolCalls: [calls[0]!], finishReason: "tool-calls" } },
  ),
  stream([created, done(0, message), completed([message])], {
    name: "an item without deltas",
    expected: { text: said, finishReason: "stop", usage },
  }),
  stream([created, completed([secret, message, lima])], {
    name: "items in the last event alone",
    expected: { text: said, toolCalls: [calls[0]!], finishReason: "tool-calls", usage },
  }),
  stream([created, added(0, begunMessage), delta("output_text", 0, said), completed([], { output: undefined })], {
    name: "an item that is never said to be done",
    expected: { text: said, finishReason: "stop", usage },
  }),
  stream(
    [
      created,
      added(0, { ...search, status: "in_progress", action: undefined }),
      { type: "response.web_search_call.searching", output_index: 0, item_id: search.id },
      done(0, search),
      added(1, begunMessage),
      delta("output_text", 1, said),
      done(1, message),
      completed([search, message]),
    ],
    { name: "a search of the provider's", expected: { text: said, toolCalls: [], finishReason: "stop", usage } },
  ),
  stream(
    [
      created,
      added(0, { ...lima, arguments: "" }),
      delta("function_call_arguments", 0, '{"ci'),
      {
        type: "response.incomplete",
        response: response([{ ...lima, status: "incomplete", arguments: '{"ci' }], {
          status: "incomplete",
          incomplete_details: { reason: "max_output_tokens" },
        }),
      },
    ],
    { name: "a call cut in the middle", expected: { toolCalls: [], finishReason: "length" } },
  ),
  stream(
    [
      created,
      added(0, begunMessage),
      delta("output_text", 0, "Zwölf "),
      { type: "error", error: { type: "server_error", code: "server_error", message: "An error.", param: null } },
    ],
    { name: "a nested error event", expected: { finishReason: "error", error: { kind: "server" }, text: "Zwölf " } },
  ),
  stream(
    [
      created,
      {
        type: "response.failed",
        response: response([], { status: "failed", error: { code: "invalid_image_format", message: "No image." } }),
      },
    ],
    { name: "failed for an image", expected: { finishReason: "error", error: { kind: "invalid-request" } } },
  ),
];

function summaryOf(text: string): object {
  return { type: "summary_text", text };
}
