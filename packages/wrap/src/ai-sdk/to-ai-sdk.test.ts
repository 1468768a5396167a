import type { ModelRequest, Notice } from "@plugboard/core";
import { ModelError, defineEmbeddingModel, defineModel, ModelReply } from "@plugboard/core";
import { scripted, scriptedAs } from "@plugboard/testing";
import { APICallError, Output, embedMany, generateObject, generateText, isStepCount, streamText, tool } from "ai";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { gathered } from "../gathered.ts";
import { toAiSdk } from "./to-ai-sdk.ts";
import { toAiSdkEmbedding } from "./to-ai-sdk-embedding.ts";

// They would be printed.
beforeAll(() => void (globalThis.AI_SDK_LOG_WARNINGS = false));
afterAll(() => void Reflect.deleteProperty(globalThis, "AI_SDK_LOG_WARNINGS"));

const usage = { input: 11, output: 7, cachedInput: 4, cacheWrite5m: 2, reasoning: 3 };
const hello = ["Hel", "lo", { usage }] as const;

const weather = tool({
  description: "The weather in a city",
  inputSchema: z.object({ city: z.string() }),
  execute: ({ city }) => ({ city, degrees: 21 }),
});
const asksWeather = { toolCall: { name: "weather", input: { city: "Bern" }, id: "call_1" } };

describe("generateText over any model", () => {
  test("gives text, usage in detail, and the names of who answered", async () => {
    const model = scripted(hello);
    const result = await generateText({ model: toAiSdk(model), prompt: "Hi", temperature: 0.2, maxOutputTokens: 50 });

    expect(result.text).toBe("Hello");
    expect(result.finishReason).toBe("stop");
    expect(result.usage).toMatchObject({
      inputTokens: 11,
      outputTokens: 7,
      inputTokenDetails: { cacheReadTokens: 4, cacheWriteTokens: 2, noCacheTokens: 5 },
      outputTokenDetails: { reasoningTokens: 3, textTokens: 4 },
    });
    expect(result.response.modelId).toBe("scripted");
    expect(model.requests[0]).toMatchObject({
      messages: [{ role: "user", content: [{ type: "text", text: "Hi" }] }],
      temperature: 0.2,
      maxOutputTokens: 50,
    });
  });

  test("runs a tool and tells the model what it gave back", async () => {
    const model = scripted(asksWeather, "21 degrees.");
    const result = await generateText({
      model: toAiSdk(model),
      prompt: "Bern?",
      tools: { weather },
      stopWhen: isStepCount(3),
    });

    expect(result.text).toBe("21 degrees.");
    expect(model.requests[0]!.tools).toEqual([
      {
        type: "function",
        name: "weather",
        description: "The weather in a city",
        input: {
          type: "object",
          properties: { city: { type: "string" } },
          required: ["city"],
          additionalProperties: false,
        },
      },
    ]);
    expect(model.requests[1]!.messages.slice(1)).toEqual([
      { role: "assistant", content: [{ type: "tool-call", id: "call_1", name: "weather", input: { city: "Bern" } }] },
      {
        role: "tool",
        content: [
          {
            type: "tool-result",
            id: "call_1",
            name: "weather",
            output: [{ type: "json", value: { city: "Bern", degrees: 21 } }],
          },
        ],
      },
    ]);
  });

  test("brings thoughts with signatures, broken arguments and opaque items back in the next step, as they were", async () => {
    const thought = { type: "reasoning", text: "Hm.", providerData: { anthropic: { signature: "c2ln" } } } as const;
    const redacted = { type: "opaque", kind: "redacted_thinking", providerData: { anthropic: { data: "x" } } } as const;
    const item = { type: "opaque", kind: "compaction", providerData: { openai: { item: { id: "cmp_1" } } } } as const;
    const spaced = {
      type: "tool-call",
      id: "call_1",
      name: "weather",
      input: { city: "Bern" },
      raw: '{ "city": "Bern" }',
    } as const;
    const broken = {
      type: "tool-call",
      id: "call_2",
      name: "weather",
      input: '{"city',
      raw: '{"city',
      invalid: true,
    } as const;
    const cited = {
      type: "text",
      text: "So.",
      citations: [{ source: { type: "source", url: "https://a.example" }, start: 0, end: 2, quote: "so" }],
    } as const;
    const said = [thought, redacted, item, cited, spaced, broken];
    for (const run of [generateText, streamText]) {
      const model = scripted(
        said.map((part) => ({ part })),
        "Done.",
      );
      const result = run({ model: toAiSdk(model), prompt: "Go", tools: { weather }, stopWhen: isStepCount(2) });
      expect(await (await result).text).toBe("Done.");
      expect(model.requests[1]!.messages[1]).toEqual({ role: "assistant", content: said });
    }
  });

  test("gives an object that fits the schema, by either of its ways", async () => {
    const schema = z.object({ city: z.string(), degrees: z.number() });
    const model = scripted('{"city":"Bern","degrees":21}');
    const { output } = await generateText({
      model: toAiSdk(model),
      prompt: "Bern?",
      output: Output.object({ schema }),
    });
    const { object } = await generateObject({ model: toAiSdk(model), prompt: "Bern?", schema, schemaName: "weather" });

    expect(output).toEqual({ city: "Bern", degrees: 21 });
    expect(object).toEqual(output);
    const wanted = { type: "object", required: ["city", "degrees"], additionalProperties: false };
    expect(model.requests[0]!.output).toMatchObject({ schema: wanted });
    expect(model.requests[1]!.output).toMatchObject({ schema: wanted, name: "weather" });
    expect(model.requests[1]!.output!.schema).not.toHaveProperty("$schema");
  });

  test("shows sources, files, and what the provider ran itself", async () => {
    const model = scripted([
      { part: { type: "tool-call", id: "s1", name: "web_search", input: { query: "Bern" }, executed: true } },
      {
        part: {
          type: "tool-result",
          id: "s1",
          name: "web_search",
          output: [{ type: "json", value: { hits: 2 } }],
          executed: true,
        },
      },
      { part: { type: "source", id: "1", url: "https://a.example", title: "A" } },
      { part: { type: "file", mediaType: "image/png", data: Uint8Array.of(1, 2, 3) } },
      "Found.",
    ]);
    const result = await generateText({ model: toAiSdk(model), prompt: "Bern?" });

    expect(result.sources).toMatchObject([{ sourceType: "url", id: "1", url: "https://a.example", title: "A" }]);
    expect(result.files[0]!.uint8Array).toEqual(Uint8Array.of(1, 2, 3));
    expect(result.toolCalls).toMatchObject([
      { toolName: "web_search", providerExecuted: true, input: { query: "Bern" } },
    ]);
    expect(result.toolResults).toMatchObject([{ toolName: "web_search", output: { hits: 2 } }]);
  });

  test("carries choice of tool, stops, seed, effort, headers, files and the options of providers", async () => {
    const model = scripted(asksWeather);
    const { warnings } = await generateText({
      model: toAiSdk(model, { tags: { feature: "chat" } }),
      instructions: {
        role: "system",
        content: "Be brief.",
        providerOptions: { anthropic: { cacheControl: { type: "ephemeral" } } },
      },
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: "See" },
            { type: "file", mediaType: "image/png", data: new URL("https://a.example/b.png") },
            { type: "file", mediaType: "application/pdf", data: Uint8Array.of(37, 80), filename: "c.pdf" },
          ],
        },
      ],
      tools: { weather },
      toolChoice: { type: "tool", toolName: "weather" },
      stopSequences: ["END"],
      seed: 3,
      topP: 0.5,
      topK: 5,
      presencePenalty: 1,
      frequencyPenalty: -1,
      reasoning: "high",
      headers: { "x-team": "a" },
      providerOptions: {
        openai: { serviceTier: "flex", strictJsonSchema: true },
        google: { safetySettings: [] },
        plugboard: { tags: { user: "u1" } },
      },
    });

    expect(model.requests[0]).toMatchObject({
      messages: [
        { role: "system", content: "Be brief.", providerData: { anthropic: { cache_control: { type: "ephemeral" } } } },
        {
          role: "user",
          content: [
            { type: "text", text: "See" },
            { type: "file", mediaType: "image/png", data: new URL("https://a.example/b.png") },
            { type: "file", mediaType: "application/pdf", data: Uint8Array.of(37, 80), filename: "c.pdf" },
          ],
        },
      ],
      toolChoice: { name: "weather" },
      stop: ["END"],
      seed: 3,
      topP: 0.5,
      topK: 5,
      presencePenalty: 1,
      frequencyPenalty: -1,
      reasoning: "high",
      tags: { feature: "chat", user: "u1" },
      providerOptions: { openai: { service_tier: "flex" }, google: { safetySettings: [] } },
    } satisfies Partial<ModelRequest>);
    expect(model.requests[0]!.headers).toMatchObject({ "x-team": "a" });
    expect(warnings).toMatchObject([{ type: "unsupported", feature: "providerOptions.openai.strictJsonSchema" }]);
  });

  test("tells attempts, the cost and late warnings in the metadata, and notices to who listens", async () => {
    const notices: Notice[] = [];
    const model = scripted([
      { finish: { finishReason: "refusal", warnings: [{ code: "resumed", message: "Gone on." }] } },
    ]);
    const result = streamText({
      model: toAiSdk(model, { notify: (notice) => void notices.push(notice) }),
      prompt: "Hi",
    });

    expect(await result.finishReason).toBe("content-filter");
    expect((await result.providerMetadata)!["plugboard"]).toMatchObject({
      finishReason: "refusal",
      warnings: [{ code: "resumed" }],
      attempts: [{ provider: "scripted", model: "scripted", outcome: "finished" }],
    });
    expect(notices.map(({ type }) => type)).toContain("attempt");
  });
});

describe("streamText over any model", () => {
  test("streams text and thoughts as they come, and ends with the usage", async () => {
    const model = scripted([{ reasoning: "Let me " }, { reasoning: "see." }, ...hello]);
    const result = streamText({ model: toAiSdk(model), prompt: "Hi" });
    const pieces: string[] = [];
    for await (const part of result.fullStream) {
      if (part.type === "text-delta" || part.type === "reasoning-delta") pieces.push(part.text);
    }

    expect(pieces).toEqual(["Let me ", "see.", "Hel", "lo"]);
    expect(await result.reasoningText).toBe("Let me see.");
    expect(await result.totalUsage).toMatchObject({ inputTokens: 11, outputTokens: 7 });
  });

  test("streams the arguments of a call, runs the tool and goes on", async () => {
    const model = scripted(asksWeather, "21 degrees.");
    const result = streamText({ model: toAiSdk(model), prompt: "Bern?", tools: { weather }, stopWhen: isStepCount(2) });
    const types: string[] = [];
    for await (const part of result.fullStream) types.push(part.type);

    expect(await result.text).toBe("21 degrees.");
    expect(types).toEqual(
      expect.arrayContaining(["tool-input-start", "tool-input-delta", "tool-input-end", "tool-call", "tool-result"]),
    );
  });

  test("streams an object while it is written", async () => {
    const model = scripted(['{"city":', '"Bern"}']);
    const { partialOutputStream, output } = streamText({
      model: toAiSdk(model),
      prompt: "Bern?",
      output: Output.object({ schema: z.object({ city: z.string() }) }),
    });
    const partials: unknown[] = [];
    for await (const partial of partialOutputStream) partials.push(partial);

    expect(partials.at(-1)).toEqual({ city: "Bern" });
    expect(await output).toEqual({ city: "Bern" });
  });

  test("closes the connection when the application aborts", async () => {
    const model = scripted(["Hel", { hang: true }]);
    const controller = new AbortController();
    const result = streamText({
      model: toAiSdk(model),
      prompt: "Hi",
      abortSignal: controller.signal,
      onError: () => {},
    });
    const types: string[] = [];
    for await (const part of result.fullStream) {
      types.push(part.type);
      if (part.type === "text-delta") controller.abort();
    }

    expect(types.at(-1)).toBe("abort");
    await vi.waitFor(() => expect(model.open).toBe(0));
    expect(model.cancelled).toBe(1);
  });

  test("closes the connection when the stream is let go", async () => {
    const model = scripted(["Hel", { hang: true }]);
    const { stream } = await toAiSdk(model).doStream({
      prompt: [{ role: "user", content: [{ type: "text", text: "Hi" }] }],
    });
    const reader = (stream as ReadableStream<unknown>).getReader();
    await reader.read();
    await reader.cancel();

    await vi.waitFor(() => expect(model.cancelled).toBe(1));
  });

  test("reads no further than it is read", async () => {
    let pulled = 0;
    const model = defineModel({
      provider: "acme",
      id: "a",
      call: () =>
        ModelReply.open({
          pull: () =>
            Promise.resolve(
              pulled++ === 0
                ? [
                    { type: "start", model: "a" },
                    { type: "text-delta", index: 0, text: "x" },
                  ]
                : [{ type: "text-delta", index: 0, text: "x" }],
            ),
        }),
    });
    const { stream } = await toAiSdk(model).doStream({
      prompt: [{ role: "user", content: [{ type: "text", text: "Hi" }] }],
    });
    const reader = (stream as ReadableStream<unknown>).getReader();
    for (let count = 0; count < 5; count++) await reader.read();

    expect(pulled).toBeLessThan(6);
    await reader.cancel();
  });

  test("shows a failure in the middle as an error part, with what it had cost", async () => {
    const model = scripted(["Hel", { usage }, { error: "overloaded", status: 529 }]);
    const result = streamText({ model: toAiSdk(model), prompt: "Hi", onError: () => {} });
    const errors: unknown[] = [];
    for await (const part of result.fullStream) if (part.type === "error") errors.push(part.error);

    expect(APICallError.isInstance(errors[0])).toBe(true);
    expect(errors[0]).toMatchObject({ statusCode: 529, isRetryable: true, cause: { code: "overloaded" } });
  });

  test("shows a stream that broke off as interrupted, never as an end", async () => {
    const model = scripted(["Hel", { close: true }]);
    const { stream } = await toAiSdk(model).doStream({
      prompt: [{ role: "user", content: [{ type: "text", text: "Hi" }] }],
    });
    const parts = await gathered(stream as ReadableStream<{ type: string; finishReason?: unknown }>);

    expect(parts.at(-2)).toMatchObject({ type: "error", error: { cause: { code: "truncated" } } });
    expect(parts.at(-1)).toMatchObject({ type: "finish", finishReason: { unified: "interrupted" } });
  });
});

describe("errors", () => {
  test("of what may pass are asked again by the AI SDK, those that last are not", async () => {
    const passing = scripted({ error: "rate-limit", retryAfter: 1 }, "Hello");
    expect((await generateText({ model: toAiSdk(passing), prompt: "Hi" })).text).toBe("Hello");
    expect(passing.requests).toHaveLength(2);

    const lasting = scripted({ error: "auth", message: "No such key." });
    const failed: unknown = await generateText({ model: toAiSdk(lasting), prompt: "Hi" }).catch(
      (error: unknown) => error,
    );
    expect(lasting.requests).toHaveLength(1);
    expect(failed).toMatchObject({
      name: "AI_APICallError",
      statusCode: 401,
      message: "No such key.",
      isRetryable: false,
    });
    expect((failed as Error).cause).toBeInstanceOf(ModelError);
  });

  test("that a layer has repeated already are not multiplied", async () => {
    const leaf = scripted({ error: "server" });
    const twice = leaf.with((inner) => (request) => inner.call(request).catch(() => inner.call(request)));
    await expect(generateText({ model: toAiSdk(twice), prompt: "Hi" })).rejects.toMatchObject({ isRetryable: false });
    expect(leaf.requests).toHaveLength(2);
  });

  test("of an abort are the reason of the signal", async () => {
    const model = scripted({ hang: true });
    const controller = new AbortController();
    const call = toAiSdk(model).doGenerate({
      prompt: [{ role: "user", content: [{ type: "text", text: "Hi" }] }],
      abortSignal: controller.signal,
    });
    controller.abort();
    await expect(call).rejects.toBe(controller.signal.reason);
  });

  test("name a file that only a provider holds", async () => {
    const model = scripted("ok");
    const call = toAiSdk(model).doGenerate({
      prompt: [
        {
          role: "user",
          content: [
            { type: "file", mediaType: "image/png", data: { type: "reference", reference: { openai: "file_1" } } },
          ],
        },
      ],
    });
    await expect(call).rejects.toThrow("`messages[0].content[0]` names a file that openai holds");
  });
});

test("embedMany gets vectors, tokens and what they are for", async () => {
  const asked: unknown[] = [];
  const model = defineEmbeddingModel({
    provider: "acme",
    id: "embed-1",
    call(request) {
      asked.push(request);
      const embeddings = request.values.map((value) => [value.length, 0]);
      return Promise.resolve({
        model: "embed-1",
        embeddings,
        usage: { input: 5 },
        warnings: [{ code: "dropped", path: "dimensions", message: "No." }],
      });
    },
  });
  const {
    embeddings,
    usage: used,
    warnings,
  } = await embedMany({
    model: toAiSdkEmbedding(model, { tags: { user: "u1" } }),
    values: ["ab", "abc"],
    providerOptions: { plugboard: { purpose: "query" }, cohere: { truncate: "END" } },
  });

  expect(embeddings).toEqual([
    [2, 0],
    [3, 0],
  ]);
  expect(used.tokens).toBe(5);
  expect(warnings).toMatchObject([{ type: "unsupported", feature: "dimensions", details: "No." }]);
  expect(asked).toMatchObject([
    { values: ["ab", "abc"], purpose: "query", tags: { user: "u1" }, providerOptions: { cohere: { truncate: "END" } } },
  ]);
});

test("goes by the name of the model it is", () => {
  expect(toAiSdk(scriptedAs({ provider: "acme", id: "m1" }, "x"))).toMatchObject({
    provider: "acme",
    modelId: "m1",
    specificationVersion: "v4",
  });
});
