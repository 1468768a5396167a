import { google } from "@plugboard/google";
import { openai } from "@plugboard/openai";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { retry } from "./index.ts";
import type { Model, ModelErrorCode, ModelRequest } from "./index.ts";

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 4, 14, 12) }));
afterEach(() => void vi.useRealTimers());

const message = { messages: [{ role: "user", content: "hello" }] } as const satisfies ModelRequest;
const fine = {
  openai: { model: "gpt-4o", choices: [{ index: 0, finish_reason: "stop", message: { content: "fine" } }] },
  google: { candidates: [{ index: 0, finishReason: "STOP", content: { parts: [{ text: "fine" }] } }] },
};

/** A provider that answers with this once, and then well; and when it was asked. */
function failingOnce(
  provider: "openai" | "google",
  status: number,
  { headers = {}, body = {} }: { readonly headers?: Record<string, string>; readonly body?: unknown } = {},
): { readonly model: Model; readonly times: number[] } {
  const times: number[] = [];
  const fetch: typeof globalThis.fetch = async () => {
    times.push(Date.now());
    const json = { "content-type": "application/json" };
    if (times.length > 1) return new Response(JSON.stringify(fine[provider]), { headers: json });
    return new Response(JSON.stringify(body), { status, headers: { ...json, ...headers } });
  };
  const options = { apiKey: "key-1234", fetch };
  const bare = provider === "openai" ? openai("gpt-4o", options) : google("gemini-2.5-flash", options);
  return { model: bare.with(retry({ attempts: 2 })), times };
}

async function outcome(model: Model, request: ModelRequest = message): Promise<string> {
  const end = model.generate(request).then(
    () => "fine",
    (error: { readonly code: ModelErrorCode }) => error.code,
  );
  await vi.advanceTimersByTimeAsync(120_000);
  return end;
}

describe("a refused request is repeated", () => {
  test.each([408, 409, 425, 429, 500, 502, 503, 504, 529])("at %i", async (status) => {
    const { model, times } = failingOnce("openai", status);
    expect(await outcome(model)).toBe("fine");
    expect(times).toHaveLength(2);
  });

  test.each<[number, ModelErrorCode, unknown?]>([
    [400, "invalid-request"],
    [401, "auth"],
    [402, "quota"],
    [403, "permission"],
    [404, "not-found"],
    [405, "invalid-request"],
    [410, "not-found"],
    [413, "invalid-request"],
    [422, "invalid-request"],
    [431, "invalid-request"],
    [451, "permission"],
    [429, "quota", { error: { code: "insufficient_quota", message: "You exceeded your current quota." } }],
    [400, "content-filter", { error: { code: "content_filter", message: "The prompt was filtered." } }],
    [400, "context-length", { error: { code: "context_length_exceeded", message: "Too long." } }],
  ])("not at %i where it means %s", async (status, code, body) => {
    const { model, times } = failingOnce("openai", status, { body });
    expect(await outcome(model)).toBe(code);
    expect(times).toHaveLength(1);
  });
});

const retryInfo = {
  error: {
    code: 429,
    status: "RESOURCE_EXHAUSTED",
    message: "Please retry.",
    details: [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "34.07s" }],
  },
};

describe("what a provider asks to wait for", () => {
  const forms: readonly [string, "openai" | "google", () => Parameters<typeof failingOnce>[2], number][] = [
    ["in seconds", "openai", () => ({ headers: { "retry-after": "20" } }), 20_000],
    [
      "as a date",
      "openai",
      () => ({ headers: { "retry-after": new Date(Date.now() + 10_000).toUTCString() } }),
      10_000,
    ],
    ["in milliseconds", "openai", () => ({ headers: { "retry-after": "12", "retry-after-ms": "11500" } }), 11_500],
    ["as Google's RetryInfo", "google", () => ({ body: retryInfo }), 34_070],
  ];

  test.each(forms)("%s is waited for, and at most a tenth longer", async (_, provider, answer, asked) => {
    const { model, times } = failingOnce(provider, 429, answer());
    expect(await outcome(model)).toBe("fine");
    const waited = times[1]! - times[0]!;
    expect(waited).toBeGreaterThanOrEqual(asked);
    expect(waited).toBeLessThanOrEqual(Math.ceil(asked * 1.1) + 1);
  });

  test.each(forms)(
    "%s beyond the deadline is not waited for: the call fails at once",
    async (_, provider, answer, asked) => {
      const { model, times } = failingOnce(provider, 429, answer());
      const began = Date.now();
      const failure = model.generate({ ...message, deadline: began + asked - 1 }).catch((error: unknown) => error);
      await vi.advanceTimersByTimeAsync(0);
      expect(await failure).toMatchObject({ code: "rate-limit", retryAfter: asked });
      expect([Date.now(), times.length]).toEqual([began, 1]);
    },
  );
});
