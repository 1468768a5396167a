import type { ExpectedAnswer, ProviderSample } from "@plugboard/testing";

// Written from documentation, November 2026: OpenAI's API reference (completions), DeepSeek's (FIM completion), Mistral's (FIM).

interface Parts {
  readonly name: string;
  readonly expected: ExpectedAnswer;
  readonly exercises?: readonly string[];
}

const call = { model: "coder", messages: [{ role: "user", content: "function add(a, b) {\n  return " }] } as const;

function sample(
  form: Pick<ProviderSample, "mode" | "framing">,
  type: string,
  body: string,
  { name, expected, exercises = [] }: Parts,
  status = 200,
): ProviderSample {
  const headers = { "content-type": type };
  return { name, ...form, call, status, headers, body: new TextEncoder().encode(body), expected, exercises };
}

function whole(body: object, parts: Parts, status = 200): ProviderSample {
  return sample({ mode: "generate", framing: "json" }, "application/json", JSON.stringify(body), parts, status);
}

function stream(events: readonly (object | string)[], parts: Parts): ProviderSample {
  const body = events.map((event) => `data: ${typeof event === "string" ? event : JSON.stringify(event)}\n\n`).join("");
  return sample({ mode: "stream", framing: "sse" }, "text/event-stream", body, parts);
}

const head = {
  id: "cmpl-uqkvlQyYK7bGYrRHQ0eXlWi7",
  object: "text_completion",
  created: 1_741_570_283,
  model: "coder-1",
};
const counts = { prompt_tokens: 12, completion_tokens: 5, total_tokens: 17 };
const usage = { inputTokens: 12, outputTokens: 5 };

function choice(text: string, finish_reason: string | null = null): object {
  return { ...head, choices: [{ text, index: 0, logprobs: null, finish_reason }] };
}

function chatChoice(content: string, finish_reason: string | null = null): object {
  return { ...head, object: "chat.completion.chunk", choices: [{ index: 0, delta: { content }, finish_reason }] };
}

/** As OpenAI, DeepSeek and the servers of one's own answer. */
export const completionSamples: readonly ProviderSample[] = [
  stream([choice("a + "), choice("b;"), choice("", "stop"), { ...head, choices: [], usage: counts }, "[DONE]"], {
    name: "completion-stream",
    expected: { text: "a + b;", finishReason: "stop", usage, toolCalls: [] },
  }),
  stream([choice("a + "), { ...choice("“b”", "length"), usage: counts }, "[DONE]"], {
    name: "completion-stream-length-usage-on-last",
    expected: { text: "a + “b”", finishReason: "length", usage },
    exercises: ["unicode"],
  }),
  stream([choice("", "stop"), "[DONE]"], {
    name: "completion-stream-nothing-to-fill",
    expected: { text: "", finishReason: "stop" },
  }),
  stream([choice("a"), { error: { message: "overloaded", type: "overloaded_error", code: 503 } }], {
    name: "completion-stream-error",
    expected: { text: "a", finishReason: "error", error: { kind: "overloaded" } },
  }),
  whole(
    { ...choice("a + b;", "stop"), usage: counts },
    {
      name: "completion-whole",
      expected: { text: "a + b;", finishReason: "stop", usage },
    },
  ),
  whole(
    { ...choice("a", "content_filter"), usage: counts },
    {
      name: "completion-filtered",
      expected: { text: "a", finishReason: "content-filter" },
    },
  ),
  whole(
    { ...head, choices: [] },
    {
      name: "completion-without-choices",
      expected: { finishReason: "error", error: { kind: "parse" } },
    },
  ),
  whole(
    { error: { message: "This model's maximum context length is 4097 tokens.", type: "invalid_request_error" } },
    {
      name: "completion-400-too-long",
      expected: { finishReason: "error", error: { kind: "context-length", status: 400 } },
    },
    400,
  ),
  whole(
    { error: { message: "Insufficient Balance", type: "unknown_error", code: "invalid_request_error" } },
    { name: "completion-402", expected: { finishReason: "error", error: { kind: "quota", status: 402 } } },
    402,
  ),
];

/** As Mistral answers: in the words of chat. */
export const fimSamples: readonly ProviderSample[] = [
  stream([chatChoice(""), chatChoice("a + "), { ...chatChoice("b;", "stop"), usage: counts }, "[DONE]"], {
    name: "fim-stream",
    expected: { text: "a + b;", finishReason: "stop", usage },
  }),
  whole(
    {
      ...head,
      object: "chat.completion",
      choices: [{ index: 0, message: { role: "assistant", content: "a + b;" }, finish_reason: "stop" }],
      usage: counts,
    },
    { name: "fim-whole", expected: { text: "a + b;", finishReason: "stop", usage } },
  ),
  whole(
    { object: "error", message: "Invalid model: nope", type: "invalid_model", code: "1500" },
    {
      name: "fim-400",
      expected: { finishReason: "error", error: { kind: ["not-found", "invalid-request"], status: 400 } },
    },
    400,
  ),
];
