import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ToldLimits } from "./told-limits.ts";

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 4, 14, 12) }));
afterEach(() => void vi.useRealTimers());

const small = { input: 10, output: 10 };

/** Limits that were heard of at time 0. */
function told(headers: Record<string, string>): ToldLimits {
  const limits = new ToldLimits();
  limits.hear(headers, 0);
  return limits;
}

describe("as OpenAI says it", () => {
  const headers = {
    "x-request-id": "req_1",
    "x-ratelimit-limit-requests": "500",
    "x-ratelimit-remaining-requests": "0",
    "x-ratelimit-reset-requests": "1m0s",
    "x-ratelimit-limit-tokens": "30000",
    "x-ratelimit-remaining-tokens": "29000",
    "x-ratelimit-reset-tokens": "2s",
  };

  test("waits until one request is back, not until all are", () => {
    expect(told(headers).wait(small, 0)).toEqual({ delay: 120, amount: "requests" });
    expect(told(headers).wait(small, 100)).toEqual({ delay: 20, amount: "requests" });
    expect(told(headers).wait(small, 120)).toBeUndefined();
  });

  test("waits for the tokens that are missing", () => {
    const limits = told({ ...headers, "x-ratelimit-remaining-requests": "499" });
    expect(limits.wait(small, 0)).toBeUndefined();
    expect(limits.wait({ input: 29_400, output: 100 }, 0)).toEqual({ delay: 1000, amount: "tokens" });
    expect(limits.wait({ input: 90_000, output: 100 }, 0)).toEqual({ delay: 2000, amount: "tokens" });
    expect(limits.wait({ input: 90_000, output: 100 }, 2000)).toBeUndefined();
  });

  test("takes what is sent off what was left", () => {
    const limits = told({ ...headers, "x-ratelimit-remaining-requests": "3", "x-ratelimit-limit-requests": "60" });
    for (let call = 0; call < 3; call++) {
      expect(limits.wait(small, 0)).toBeUndefined();
      limits.take(small, 0);
    }
    expect(limits.wait(small, 0)).toMatchObject({ amount: "requests", delay: Math.ceil(60_000 / 57) });
  });

  test("goes by the last answer", () => {
    const limits = told(headers);
    limits.hear({ ...headers, "x-ratelimit-remaining-requests": "10" }, 0);
    expect(limits.wait(small, 0)).toBeUndefined();
    limits.hear({ "x-request-id": "req_2" }, 0);
    expect(limits.wait({ input: 29_400, output: 100 }, 0)).toEqual({ delay: 1000, amount: "tokens" });
  });
});

test.each([
  ["120ms", 120],
  ["7.66s", 7660],
  ["2m59.56s", 179_560],
  ["1h2m3s", 3_600_000], // never longer than an hour
  ["0.5", 500],
  ["30", 30_000],
  ["2026-05-14T12:00:20Z", 20_000],
])("understands a reset in %s", (reset, delay) => {
  const headers = { "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": reset };
  expect(told(headers).wait(small, 0)).toEqual({ delay, amount: "requests" });
});

test("understands Anthropic, with a limit of its own for each way", () => {
  const of = (what: string, limit: string, remaining: string) => ({
    [`anthropic-ratelimit-${what}-limit`]: limit,
    [`anthropic-ratelimit-${what}-remaining`]: remaining,
    [`anthropic-ratelimit-${what}-reset`]: "2026-05-14T12:00:30Z",
  });
  const limits = told({
    ...of("requests", "50", "49"),
    ...of("input-tokens", "20000", "0"),
    ...of("output-tokens", "8000", "8000"),
    ...of("tokens", "28000", "8000"),
  });
  expect(limits.wait({ input: 10_000, output: 0 }, 0)).toEqual({ delay: 15_000, amount: "inputTokens" });
  expect(limits.wait({ input: 0, output: 0 }, 0)).toBeUndefined();
});

test.each([
  ["nothing about limits", { "x-request-id": "1" }],
  ["no time", { "x-ratelimit-remaining-requests": "0", "x-ratelimit-limit-requests": "50" }],
  ["no number", { "x-ratelimit-remaining-requests": "none", "x-ratelimit-reset-requests": "20s" }],
  [
    "a time that has passed",
    { "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "2026-05-14T11:00:00Z" },
  ],
  ["a time that is none", { "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "soon" }],
])("keeps nobody waiting for headers with %s", (_, headers) => {
  expect(told(headers as unknown as Record<string, string>).wait(small, 0)).toBeUndefined();
});

test("sends nothing until the time that a 429 gave, and then all", () => {
  const limits = new ToldLimits();
  limits.shut(5000, 0);
  expect(limits.wait(small, 1000)).toEqual({ delay: 4000, amount: "requests" });
  expect(limits.wait(small, 5000)).toBeUndefined();
});
