import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4GenerateResult,
  LanguageModelV4StreamPart,
} from "@ai-sdk/provider";
import { createOpenAI } from "@ai-sdk/openai";
import { APICallError, LoadAPIKeyError } from "@ai-sdk/provider";
import { defineTool, runTools } from "@plugboard/core";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { gathered } from "../gathered.ts";
import { fromAiSdk } from "./from-ai-sdk.ts";
import { fromAiSdkEmbedding } from "./from-ai-sdk-embedding.ts";

const usage = {
  inputTokens: { total: 10, noCache: 3, cacheRead: 4, cacheWrite: 3 },
  outputTokens: { total: 6, text: 4, reasoning: 2 },
};
const finish = { type: "finish", finishReason: { unified: "stop", raw: "end_turn" }, usage } as const;

interface Played {
  readonly whole?: Partial<LanguageModelV4GenerateResult>;
  readonly parts?: readonly LanguageModelV4StreamPart[];
  readonly error?: unknown;
}

/** A model of theirs that gives what it is told to. */
function played({
  whole,
  parts = [],
  error,
}: Played): LanguageModelV4 & { readonly asked: LanguageModelV4CallOptions[]; cancelled: number } {
  const asked: LanguageModelV4CallOptions[] = [];
  const model = {
    specificationVersion: "v4" as const,
    provider: "acme.chat",
    modelId: "acme-1",
    supportedUrls: {},
    asked,
    cancelled: 0,
    doGenerate(options: LanguageModelV4CallOptions) {
      asked.push(options);
      if (error !== undefined) return Promise.reject(error);
      const { finishReason } = finish;
      return Promise.resolve({ content: [], finishReason, usage, warnings: [], ...whole });
    },
    doStream(options: LanguageModelV4CallOptions) {
      asked.push(options);
      if (error !== undefined) return Promise.reject(error);
      const queue = [...parts];
      const stream = new ReadableStream<LanguageModelV4StreamPart>({
        pull(controller) {
          const next = queue.shift();
          if (next) controller.enqueue(next);
          else if (parts.at(-1)?.type === "finish") controller.close();
          // Else it hangs.
        },
        cancel: () => void model.cancelled++,
      });
      return Promise.resolve({ stream, response: { headers: { "x-request-id": "r1", "set-cookie": "no" } } });
    },
  };
  return model;
}

describe("an answer", () => {
  test("keeps signatures, wherever the stream tells them", async () => {
    const model = played({
      parts: [
        {
          type: "stream-start",
          warnings: [
            { type: "unsupported", feature: "seed" },
            { type: "other", message: "Old." },
          ],
        },
        { type: "response-metadata", id: "resp_1", modelId: "acme-1-2026", timestamp: new Date(1000) },
        { type: "reasoning-start", id: "0" },
        { type: "reasoning-delta", id: "0", delta: "Hm." },
        { type: "reasoning-delta", id: "0", delta: "", providerMetadata: { anthropic: { signature: "c2ln" } } },
        { type: "reasoning-end", id: "0" },
        { type: "reasoning-start", id: "1", providerMetadata: { anthropic: { redactedData: "x" } } },
        { type: "reasoning-end", id: "1" },
        { type: "text-start", id: "0" },
        { type: "text-delta", id: "0", delta: "Hello" },
        { type: "text-end", id: "0" },
        { type: "text-start", id: "0" },
        { type: "text-end", id: "0", providerMetadata: { google: { thoughtSignature: "s" } } },
        finish,
      ],
    });
    const result = await (await fromAiSdk(model).stream("Hi")).result();

    expect(result).toMatchObject({
      model: "acme-1-2026",
      id: "resp_1",
      created: 1000,
      headers: { "x-request-id": "r1" },
      finishReason: "stop",
      rawFinishReason: "end_turn",
      usage: { input: 10, output: 6, cachedInput: 4, cacheWrite5m: 3, reasoning: 2 },
      warnings: [
        { code: "dropped", path: "seed" },
        { code: "other", message: "Old." },
      ],
    });
    expect(result.headers).not.toHaveProperty("set-cookie");
    expect(result.content).toEqual([
      { type: "reasoning", text: "Hm.", providerData: { anthropic: { signature: "c2ln" } } },
      { type: "opaque", kind: "redacted_thinking", providerData: { anthropic: { data: "x" } } },
      { type: "text", text: "Hello" },
      { type: "text", text: "", providerData: { google: { thoughtSignature: "s" } } },
    ]);
  });

  test("knows what of the cache is kept for an hour", async () => {
    const raw = { cache_creation: { ephemeral_5m_input_tokens: 1, ephemeral_1h_input_tokens: 2 } };
    const { usage: used } = await fromAiSdk(played({ whole: { usage: { ...usage, raw } } })).generate("Hi");
    expect(used).toMatchObject({ cacheWrite5m: 1, cacheWrite1h: 2 });
  });

  test("that calls tools ends with tool-calls, whatever the provider says", async () => {
    const call = { type: "tool-call", toolCallId: "c1", toolName: "weather", input: '{"city":"Bern"}' } as const;
    const model = fromAiSdk(played({ whole: { content: [call] }, parts: [call, finish] }));
    expect((await model.generate("Hi")).finishReason).toBe("tool-calls");
    expect((await (await model.stream("Hi")).result()).finishReason).toBe("tool-calls");
  });

  test("says a call that came whole as a start, its text and its part", async () => {
    const reply = await fromAiSdk(
      played({ parts: [{ type: "tool-call", toolCallId: "c1", toolName: "weather", input: "{}" }, finish] }),
    ).stream("Hi");
    const events = await gathered(reply);
    expect(events.map(({ type }) => type)).toEqual(["start", "tool-call-start", "tool-call-delta", "part", "finish"]);
  });

  test("leaves out results that come again, and keeps requests for approval", async () => {
    const result = { type: "tool-result", toolCallId: "c1", toolName: "run", result: "half" } as const;
    const model = played({
      whole: {
        content: [
          { ...result, preliminary: true },
          { ...result, result: { ok: true } },
          { type: "tool-approval-request", approvalId: "a1", toolCallId: "c2" },
        ],
      },
    });
    const { content } = await fromAiSdk(model).generate("Hi");
    expect(content).toEqual([
      { type: "tool-result", id: "c1", name: "run", output: [{ type: "json", value: { ok: true } }], executed: true },
      {
        type: "opaque",
        kind: "tool-approval-request",
        providerData: { "ai-sdk": { approvalId: "a1", toolCallId: "c2" } },
      },
    ]);
  });

  test.each(["error", "interrupted"] as const)(
    "that ended with %s is a failure, with what it cost",
    async (unified) => {
      const ended = { finishReason: { unified, raw: undefined }, usage };
      const model = fromAiSdk(
        played({
          whole: { content: [{ type: "text", text: "Hel" }], ...ended },
          parts: [
            { type: "text-delta", id: "0", delta: "Hel" },
            { type: "finish", ...ended },
          ],
        }),
      );
      const wanted = {
        code: unified === "error" ? "server" : "truncated",
        partial: { content: [{ type: "text", text: "Hel" }], usage: { input: 10, output: 6 } },
      };
      await expect(model.generate("Hi")).rejects.toMatchObject(wanted);
      await expect((await model.stream("Hi")).result()).rejects.toMatchObject(wanted);
    },
  );

  test("closes the stream when it is let go", async () => {
    const model = played({ parts: [{ type: "text-delta", id: "0", delta: "Hel" }] });
    const reply = await fromAiSdk(model).stream("Hi");
    reply.cancel();
    expect(model.cancelled).toBe(1);
    expect(model.asked[0]!.abortSignal!.aborted).toBe(true);
  });

  test("is called off by the caller's signal", async () => {
    const model = played({ parts: [{ type: "text-delta", id: "0", delta: "Hel" }] });
    const controller = new AbortController();
    const reply = await fromAiSdk(model).stream({
      messages: [{ role: "user", content: "Hi" }],
      signal: controller.signal,
    });
    const result = reply.result();
    controller.abort();
    await expect(result).rejects.toMatchObject({ code: "aborted" });
    expect(model.cancelled).toBe(1);
  });
});

describe("a failure", () => {
  const call = { url: "https://acme.example", requestBodyValues: { prompt: "secret words" }, message: "Failed" };
  test.each([
    [
      "429",
      new APICallError({
        ...call,
        statusCode: 429,
        responseHeaders: { "retry-after": "2" },
        responseBody: '{"error":{"message":"Slow down"}}',
      }),
      { code: "rate-limit", retryAfter: 2000, message: "Slow down" },
    ],
    [
      "a spent account",
      new APICallError({
        ...call,
        statusCode: 429,
        responseBody: '{"error":{"code":"insufficient_quota","message":"Pay."}}',
      }),
      { code: "quota" },
    ],
    ["no connection", new APICallError({ ...call, isRetryable: true }), { code: "network" }],
    ["an unreadable success", new APICallError({ ...call, statusCode: 200 }), { code: "parse" }],
    ["no key", new LoadAPIKeyError({ message: "No key." }), { code: "auth", message: "No key." }],
    ["an object", { type: "overloaded_error", message: "Busy" }, { code: "overloaded", message: "Busy" }],
    ["anything else", new Error("What?"), { code: "unknown", message: "What?" }],
  ])("by %s has the code that our adapters give", async (_, error, wanted) => {
    const failed = { ...wanted, provider: "acme", model: "acme-1" };
    await expect(fromAiSdk(played({ error })).generate("Hi")).rejects.toMatchObject(failed);
    const parts = [{ type: "error", error }] as const;
    await expect(fromAiSdk(played({ parts })).stream("Hi")).rejects.toMatchObject(failed);
  });

  test("does not repeat the prompt", async () => {
    const error = new APICallError({ ...call, statusCode: 500 });
    const failed: unknown = await fromAiSdk(played({ error }))
      .generate("Hi")
      .catch((thrown: unknown) => thrown);
    const { inspect } = await import("node:util");
    expect(inspect(failed, { depth: 9 })).not.toContain("secret words");
  });

  test("is what becomes of a model of another version", () => {
    const old = { ...played({}), specificationVersion: "v3" } as unknown as LanguageModelV4;
    expect(() => fromAiSdk(old)).toThrow("v4 is accepted");
  });
});

test("a provider of theirs runs our tools, with what it wants handed back", async () => {
  const bodies: { input: unknown[] }[] = [];
  const answers = [
    [
      { type: "reasoning", id: "rs_1", encrypted_content: "enc", summary: [] },
      {
        type: "function_call",
        id: "fc_1",
        call_id: "call_1",
        name: "weather",
        arguments: '{"city":"Bern"}',
        status: "completed",
      },
    ],
    [
      {
        type: "message",
        id: "msg_1",
        role: "assistant",
        content: [{ type: "output_text", text: "21.", annotations: [] }],
      },
    ],
  ];
  const provider = createOpenAI({
    apiKey: "key",
    fetch: (_, init) => {
      bodies.push(JSON.parse(init!.body as string) as { input: unknown[] });
      const body = {
        id: "resp_1",
        created_at: 1,
        model: "gpt-5-mini",
        output: answers[bodies.length - 1],
        usage: { input_tokens: 5, output_tokens: 3 },
      };
      return Promise.resolve(Response.json(body));
    },
  });
  const weather = defineTool({ name: "weather", input: z.object({ city: z.string() }), execute: () => "21" });
  const reply = await runTools(fromAiSdk(provider.responses("gpt-5-mini")), {
    messages: [{ role: "user", content: "Bern?" }],
    tools: [weather],
    providerOptions: { openai: { store: false, service_tier: "flex" } },
    stream: false,
  });

  expect(await reply.text()).toBe("21.");
  expect(bodies[0]).toMatchObject({
    service_tier: "flex",
    store: false,
    tools: [{ type: "function", name: "weather" }],
  });
  expect(bodies[1]!.input).toMatchObject([
    { role: "user" },
    { type: "reasoning", id: "rs_1", encrypted_content: "enc" },
    { type: "function_call", call_id: "call_1", name: "weather", arguments: '{"city":"Bern"}' },
    { type: "function_call_output", call_id: "call_1", output: "21" },
  ]);
});

test("is known to the catalogue by the provider's own name, and to caches by another than our adapter", () => {
  const model = fromAiSdk(createOpenAI({ apiKey: "key" }).responses("gpt-5-mini"), { catalogId: "gpt-5-mini" });
  expect(model).toMatchObject({
    provider: "openai",
    id: "gpt-5-mini",
    catalogId: "gpt-5-mini",
    fingerprint: "ai-sdk:openai.responses:gpt-5-mini",
  });
  expect(fromAiSdk(played({}), { provider: "other" }).provider).toBe("other");
});

test("embeds in batches of what the provider takes", async () => {
  const sizes: number[] = [];
  const provider = createOpenAI({
    apiKey: "key",
    fetch: (_, init) => {
      const { input } = JSON.parse(init!.body as string) as { input: string[] };
      sizes.push(input.length);
      const data = input.map((value, index) => ({ index, embedding: [value.length] }));
      return Promise.resolve(Response.json({ data, usage: { prompt_tokens: input.length } }));
    },
  });
  const model = fromAiSdkEmbedding(provider.embedding("text-embedding-3-small"));
  const { embeddings, usage: used, warnings } = await model.embed({ values: Array(3000).fill("ab"), purpose: "query" });

  expect(sizes.toSorted((a, b) => a - b)).toEqual([952, 2048]);
  expect(embeddings).toHaveLength(3000);
  expect(used.input).toBe(3000);
  expect(warnings).toMatchObject([{ code: "dropped", path: "purpose" }]);
});
