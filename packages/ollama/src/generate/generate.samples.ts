import type { ExpectedAnswer, ProviderSample } from "@plugboard/testing";

// Written from Ollama's documentation (docs/api.md, "Request (with suffix)", of ollama/ollama, August 2026).

const call = { model: "codellama:code", messages: [{ role: "user", content: "def compute_gcd(a, b):" }] } as const;
const counts = { total_duration: 1_172_090_625, prompt_eval_count: 26, eval_count: 20 };

function line(response: string, more: object = {}): object {
  return { model: "codellama:code", created_at: "2026-07-22T20:47:51.147561Z", response, done: false, ...more };
}

function sample(lines: readonly object[], name: string, expected: ExpectedAnswer, status = 200): ProviderSample {
  const streamed = lines.length > 1;
  return {
    name,
    mode: streamed ? "stream" : "generate",
    framing: streamed ? "ndjson" : "json",
    call,
    status,
    headers: { "content-type": streamed ? "application/x-ndjson" : "application/json; charset=utf-8" },
    body: new TextEncoder().encode(lines.map((each) => `${JSON.stringify(each)}\n`).join("")),
    expected,
    exercises: [],
  };
}

const usage = { inputTokens: 26, outputTokens: 20 };

export const generateSamples: readonly ProviderSample[] = [
  sample(
    [line("\n  if a == 0:"), line("\n    return b 🧮"), line("", { done: true, done_reason: "stop", ...counts })],
    "generate-stream",
    { text: "\n  if a == 0:\n    return b 🧮", finishReason: "stop", usage },
  ),
  sample([line("\n  if"), line("", { done: true, done_reason: "length", ...counts })], "generate-stream-length", {
    text: "\n  if",
    finishReason: "length",
  }),
  sample([line("\n  if a"), { error: "an error was encountered while running the model" }], "generate-stream-error", {
    text: "\n  if a",
    finishReason: "error",
    error: { kind: "server" },
  }),
  sample([line("\n  return a", { done: true, done_reason: "stop", ...counts })], "generate-whole", {
    text: "\n  return a",
    finishReason: "stop",
    usage,
  }),
  sample(
    [{ error: "registry.ollama.ai/library/llama3.2:latest does not support insert" }],
    "generate-400-no-place-for-a-suffix",
    { finishReason: "error", error: { kind: "invalid-request", status: 400 } },
    400,
  ),
];
