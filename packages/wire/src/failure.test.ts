import { recordedFaults } from "@plugboard/recordings";
import { expect, test } from "vitest";
import { failureInBand, failureOf } from "./failure.ts";

const providers = [
  "anthropic",
  "azure",
  "bedrock",
  "cohere",
  "deepseek",
  "google",
  "groq",
  "mistral",
  "ollama",
  "openai-chat",
  "openai-compatible",
  "openai-responses",
  "openrouter",
  "xai",
];

for (const { name, status, headers, body, expected } of recordedFaults(...providers)) {
  test(`the recorded fault ${name} is understood`, () => {
    const error = failureOf({ status, headers, body: new TextDecoder().decode(body), provider: "parrot" });
    const { kind, retryable = error.retryable, retryAfterMs = error.retryAfter } = expected.error!;
    expect([kind].flat()).toContain(error.code);
    expect([error.retryable, error.retryAfter]).toEqual([retryable, retryAfterMs]);
    expect(error.message.length).toBeGreaterThan(0);
  });
}

test.each<[string, string, string]>([
  ['{"error":{"message":"No.","type":"x"}}', "No.", "an object"],
  ['{"error":"No."}', "No.", "a string"],
  ['{"message":"No."}', "No.", "a message at the top"],
  ['{"detail":"No."}', "No.", "a detail"],
  ['{"detail":[{"loc":["body"],"msg":"No."}]}', "No.", "a list of details"],
  ['[{"error":{"code":400,"message":"No."}}]', "No.", "a list"],
  ['{"error":{"message":"{\\"error\\":{\\"message\\":\\"No.\\"}}"}}', "No.", "JSON in the message"],
  ["No.\n", "No.", "plain text"],
  ["<!DOCTYPE html><html><style>p { }</style><body><p>No.</p></body></html>", "No.", "a web page"],
  ["", "parrot answered with status 400.", "nothing"],
  ["{", "{", "broken JSON"],
])("reads the sentence from %s", (body, message) => {
  expect(failureOf({ status: 400, body, provider: "parrot" })).toMatchObject({ code: "invalid-request", message });
});

test("tells a limit that passes from a request that never will", () => {
  const throttled = '{"message":"Too many tokens, please wait before trying again."}';
  const headers = { "x-amzn-errortype": "ThrottlingException:http://internal.amazon.com/" };
  expect(failureOf({ status: 429, headers, body: throttled, provider: "bedrock" }).code).toBe("rate-limit");
  const tooLarge = '{"error":{"message":"Request too large on tokens per minute","code":"rate_limit_exceeded"}}';
  expect(failureOf({ status: 413, body: tooLarge, provider: "groq" }).code).toBe("invalid-request");
});

test("believes the adapter's own rules before the common ones", () => {
  const rules = [{ status: 429, type: "WEEKLY", code: "quota" }] as const;
  const body = '{"error":{"type":"weekly","message":"Come back on Monday."}}';
  expect(failureOf({ status: 429, body, provider: "parrot", rules }).code).toBe("quota");
  expect(failureOf({ status: 429, body, provider: "parrot" }).code).toBe("rate-limit");
});

test("bounds the message and takes out keys, also those it was not told of", () => {
  const key = `sk-ant-api03-${"a1B2".repeat(10)}`;
  const body = `Bad key my-own-secret or ${key} ${"x".repeat(10_000)}`;
  const { message } = failureOf({ status: 401, body, provider: "parrot", secrets: ["my-own-secret"] });
  expect(message).toMatch(/^Bad key \[redacted\] or \[redacted\] x+$/);
  expect(message).toHaveLength(2000);
});

test("names a redirect's origin, and nothing else of it", () => {
  const headers = { location: "https://elsewhere.example/v1/chat?key=abc" };
  const error = failureOf({ status: 307, headers, body: "", provider: "parrot" });
  expect(error.code).toBe("invalid-request");
  expect(error.message).toContain("https://elsewhere.example,");
  expect(error.message).not.toContain("abc");
});

test.each([
  [{ type: "error", error: { type: "overloaded_error", message: "Overloaded" } }, "overloaded"],
  [{ error: { message: "Boom", type: "server_error", code: null } }, "server"],
  [{ error: "an error was encountered while running the model" }, "server"],
  [
    { error: { message: "bad call", type: "invalid_request_error", code: "tool_use_failed", status_code: 400 } },
    "invalid-request",
  ],
  [{ error: { message: "bad field", type: "invalid_request_error" } }, "invalid-request"],
  [{ object: "error", message: "EngineCore", type: "InternalServerError", code: 500 }, "server"],
  [{ error: { code: 502, message: "Provider returned error" } }, "server"],
  [{ error: { code: 429, message: "Slow down" } }, "rate-limit"],
  [{ type: "error", code: "rate_limit_exceeded", message: "Slow down" }, "rate-limit"],
  [{ error: { code: 400, type: "exceed_context_size_error", message: "too large" } }, "context-length"],
  [{ error: { message: "You exceeded your current quota", code: "insufficient_quota" } }, "quota"],
  [{ error: { code: 503, status: "UNAVAILABLE", message: "The model is overloaded." } }, "overloaded"],
])("understands an error inside an answer: %j is %s", (error, code) => {
  expect(failureInBand(error, { provider: "parrot" }).code).toBe(code);
});
