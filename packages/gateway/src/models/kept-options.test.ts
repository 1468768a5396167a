import type { ModelRequest } from "@plugboard/core";
import { expect, test } from "vitest";
import { keptOptions } from "./kept-options.ts";

const messages = [{ role: "user" as const, content: "Hello" }];

test("passes on what changes how a model answers, and nothing that changes where a request goes or what it costs", () => {
  const { request, dropped } = keptOptions().of({
    messages,
    providerOptions: { openai: { logprobs: true, base_url: "x", service_tier: "priority", max_tokens: 9 }, google: { model: "x" } },
  });
  expect(request).toEqual({ messages, providerOptions: { openai: { logprobs: true } } });
  expect(dropped).toEqual(["base_url", "service_tier", "max_tokens", "model"]);
});

test("takes from Gemini's settings what makes more answers, or longer ones", () => {
  const { request } = keptOptions().of({
    messages,
    providerOptions: { google: { generationConfig: { candidateCount: 8, maxOutputTokens: 1e6, mediaResolution: "LOW" } } },
  });
  expect(request.providerOptions).toEqual({ google: { generationConfig: { mediaResolution: "LOW" } } });
});

test("passes on what the operator names, too", () => {
  const request = { messages, providerOptions: { openai: { service_tier: "flex" } } };
  expect(keptOptions(["service_tier"]).of(request)).toEqual({ request, dropped: [] });
});

test("leaves a request without such members as it is", () => {
  const request: ModelRequest = { messages };
  expect(keptOptions().of(request).request).toBe(request);
});
