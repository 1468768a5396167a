import { getEventListeners } from "node:events";
import type { ModelRequest } from "@plugboard/core";
import { expect, onTestFinished, test, vi } from "vitest";
import { countAt } from "./count-at.ts";
import { failureFrom } from "./test-exchange.ts";
import { defineCountingModel } from "./define-counting-model.ts";

const url = "https://api.acme.example/count";
const messages = [{ role: "user", content: "hello" }] as const;

function counting(fetch: typeof globalThis.fetch): ReturnType<typeof defineCountingModel> {
  const options = { fetch, headers: { "x-team": "birds" } };
  const shared = { authorize: async () => ({ authorization: "Bearer the-key-0123" }), options, warnings: [] };
  return defineCountingModel({
    provider: "acme",
    id: "polly",
    fingerprint: "acme:polly",
    prepare: () => ({
      ...shared,
      url: "https://api.acme.example/chat",
      body: {},
      whole: () => ({ model: "polly", content: [], finishReason: "stop", usage: {}, warnings: [] }),
    }),
    prepareCount: (request: ModelRequest) => ({
      ...shared,
      url,
      body: { ask: request.messages.length },
      whole: (body) => ({ tokens: countAt(body, "tokens"), bound: "exact" }),
    }),
  });
}

test("counts by a call of its own, with the key, and makes no attempt", async () => {
  const fetch = vi.fn<typeof globalThis.fetch>(async () => Response.json({ tokens: 3 }));
  const notify = vi.fn<NonNullable<ModelRequest["notify"]>>();
  expect(await counting(fetch).countTokens({ messages, notify })).toEqual({ tokens: 3, bound: "exact" });
  const [asked, sent] = fetch.mock.calls[0]!;
  expect(asked).toBe(url);
  expect(sent?.body).toBe('{"ask":1}');
  expect(Object.fromEntries(new Headers(sent?.headers))).toMatchObject({
    authorization: "Bearer the-key-0123",
    "x-team": "birds",
  });
  expect(notify).not.toHaveBeenCalled();
});

test("is the model that it was without counting", async () => {
  const fetch = vi.fn<typeof globalThis.fetch>(async () => Response.json({}));
  const model = counting(fetch);
  expect(await model.generate("hello")).toMatchObject({ model: "polly" });
  expect(await model.plan("hello")).toMatchObject({ url: "https://api.acme.example/chat" });
  await expect(model.countTokens({ messages: [] })).rejects.toMatchObject({ code: "invalid-request" });
  expect(fetch).toHaveBeenCalledTimes(1);
});

test.each([
  ["an answer without a count", Response.json({ tokens: "3" }), "parse"],
  ["a refusal", Response.json({ error: { message: "The key the-key-0123 is bad." } }, { status: 401 }), "auth"],
] as const)("%s is an error that names the provider and no key", async (_, response, code) => {
  const error = await failureFrom(counting(async () => response).countTokens("hello"));
  expect(error).toMatchObject({ code, provider: "acme", model: "polly" });
  expect(error.message).not.toContain("the-key-0123");
});

test("is called off by its signal, and by its deadline", async () => {
  const controller = new AbortController();
  const model = counting(() => new Promise(() => {}));
  const asked = model.countTokens({ messages, signal: controller.signal });
  setTimeout(() => controller.abort(), 2);
  await expect(asked).rejects.toMatchObject({ code: "aborted" });
  expect(getEventListeners(controller.signal, "abort")).toHaveLength(0);

  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const late = model.countTokens({ messages, deadline: Date.now() + 5000 });
  const settled = vi.fn<(error: unknown) => void>();
  void late.catch(settled);
  await vi.advanceTimersByTimeAsync(4999);
  expect(settled).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  await expect(late).rejects.toMatchObject({ code: "timeout", phase: "total" });
  expect(vi.getTimerCount()).toBe(0);
});
