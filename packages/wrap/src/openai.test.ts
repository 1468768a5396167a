import { defineEmbeddingModel } from "@plugboard/core";
import type { EmbeddingModel, ModelRequest, Notice } from "@plugboard/core";
import { validated, validator } from "@plugboard/recordings";
import type { Validated } from "@plugboard/recordings";
import { scripted, scriptedAs } from "@plugboard/testing";
import type { ScriptedModel } from "@plugboard/testing";
import OpenAI, { AzureOpenAI } from "openai";
import { zodFunction, zodResponseFormat, zodTextFormat } from "openai/helpers/zod";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { dropIn } from "./drop-in.ts";

const schemas = await validator();
const messages = [{ role: "user", content: "Hello" }] as const;
let watched: Validated | undefined;

/** The real client in front of a model. */
function clientOf(...given: Parameters<typeof dropIn>): OpenAI {
  watched = validated(dropIn(...given), schemas);
  return new OpenAI({ apiKey: "sk-of-the-client", fetch: watched.fetch, maxRetries: 0 });
}

beforeEach(() => {
  watched = undefined;
});
afterEach(() => watched?.verify());

describe("chat completions", () => {
  test("are answered whole, and no header of the client goes on", async () => {
    const model = scripted([{ usage: { input: 3, output: 2 } }, "Hel", "lo"]);
    const answer = await clientOf(model).chat.completions.create({
      model: "any",
      messages: [...messages],
      temperature: 0,
    });
    expect(answer.choices[0]?.message.content).toBe("Hello");
    expect(answer.choices[0]?.finish_reason).toBe("stop");
    expect(answer.usage).toMatchObject({ prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 });
    expect(model.requests).toHaveLength(1);
    expect(model.requests[0]).toMatchObject({ temperature: 0, messages: [{ role: "user", content: "Hello" }] });
    expect(model.requests[0]).not.toHaveProperty("headers");
    expect(JSON.stringify(model.requests[0])).not.toContain("sk-of-the-client");
  });

  test("stream, with the usage at the end", async () => {
    const client = clientOf(scripted([{ usage: { input: 3, output: 2 } }, "Hel", "lo"]));
    const stream = await client.chat.completions.create({
      model: "any",
      messages: [...messages],
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = "";
    let total: number | undefined;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? "";
      total = chunk.usage?.total_tokens ?? total;
    }
    expect(text).toBe("Hello");
    expect(total).toBe(5);
  });

  test("stream through the client's helper", async () => {
    const call = { toolCall: { name: "weather", input: { city: "Oslo" }, id: "call_1" } };
    const helper = clientOf(scripted(["Let me look.", call])).chat.completions.stream({
      model: "any",
      messages: [...messages],
      tools: [{ type: "function", function: { name: "weather", parameters: { type: "object" } } }],
    });
    const said: string[] = [];
    helper.on("content", (delta) => said.push(delta));
    const final = await helper.finalChatCompletion();
    expect(said.join("")).toBe("Let me look.");
    expect(final.choices[0]?.message.tool_calls?.[0]).toMatchObject({
      id: "call_1",
      function: { name: "weather", arguments: '{"city":"Oslo"}' },
    });
    expect(final.choices[0]?.finish_reason).toBe("tool_calls");
  });

  test("are parsed by a schema", async () => {
    const model = scripted('{"city":"Oslo","degrees":21}');
    const answer = await clientOf(model).chat.completions.parse({
      model: "any",
      messages: [...messages],
      response_format: zodResponseFormat(z.object({ city: z.string(), degrees: z.number() }), "weather"),
    });
    expect(answer.choices[0]?.message.parsed).toEqual({ city: "Oslo", degrees: 21 });
    expect(model.requests[0]?.output).toMatchObject({ name: "weather", schema: { type: "object" } });
  });

  test("run the client's own tools", async () => {
    const model = scripted(
      { toolCall: { name: "weather", input: { city: "Oslo" }, id: "call_1" } },
      (request) => `It is ${JSON.stringify(request.messages.at(-1)?.content).includes("21") ? 21 : "?"} degrees.`,
    );
    const runner = clientOf(model).chat.completions.runTools({
      model: "any",
      messages: [...messages],
      tools: [
        zodFunction({
          name: "weather",
          parameters: z.object({ city: z.string() }),
          function: ({ city }) => `21 in ${city}`,
        }),
      ],
    });
    await expect(runner.finalContent()).resolves.toBe("It is 21 degrees.");
    expect(model.requests).toHaveLength(2);
    expect(model.requests[1]?.messages.at(-1)).toMatchObject({
      role: "tool",
      content: [{ type: "tool-result", id: "call_1", name: "weather", output: "21 in Oslo" }],
    });
  });

  test("fill in the middle by completions", async () => {
    const model = scripted("a + b");
    const client = clientOf(model);
    watched = undefined; // nobody wrote a schema for completions
    const body = { model: "any", prompt: "function add(a, b) { return ", suffix: " }" };
    const answer = await client.completions.create(body);
    expect(answer.choices[0]?.text).toBe("a + b");
    expect(model.requests[0]).toMatchObject({ suffix: " }", messages: [{ content: body.prompt }] });
    let text = "";
    for await (const chunk of await client.completions.create({ ...body, stream: true }))
      text += chunk.choices[0]?.text;
    expect(text).toBe("a + b");
  });
});

describe("responses", () => {
  test("are answered whole and streamed", async () => {
    const client = clientOf(scripted([{ usage: { input: 3, output: 2 } }, "Hel", "lo"]));
    const answer = await client.responses.create({ model: "any", input: "Hello" });
    expect(answer.output_text).toBe("Hello");
    expect(answer.usage?.total_tokens).toBe(5);
    let text = "";
    for await (const event of await client.responses.create({ model: "any", input: "Hello", stream: true }))
      if (event.type === "response.output_text.delta") text += event.delta;
    expect(text).toBe("Hello");
  });

  test("stream through the client's helper, tools included", async () => {
    const call = { toolCall: { name: "weather", input: { city: "Oslo" }, id: "call_1" } };
    const helper = clientOf(scripted([{ reasoning: "Where?" }, "Let me look.", call])).responses.stream({
      model: "any",
      input: "Hello",
      tools: [{ type: "function", name: "weather", parameters: { type: "object" }, strict: false }],
    });
    const final = await helper.finalResponse();
    expect(final.output_text).toBe("Let me look.");
    expect(final.output.find(({ type }) => type === "function_call")).toMatchObject({
      call_id: "call_1",
      name: "weather",
      arguments: '{"city":"Oslo"}',
    });
  });

  test("are parsed by a schema", async () => {
    const answer = await clientOf(scripted('{"city":"Oslo"}')).responses.parse({
      model: "any",
      input: "Hello",
      text: { format: zodTextFormat(z.object({ city: z.string() }), "weather") },
    });
    expect(answer.output_parsed).toEqual({ city: "Oslo" });
  });

  test("are counted by the provider behind them", async () => {
    const counting = Object.assign(scripted("hi"), {
      plan: () => Promise.reject(new Error("not asked")),
      countTokens: (asked: ModelRequest | string) =>
        Promise.resolve({ tokens: JSON.stringify(asked).includes("Hello") ? 7 : 0, bound: "exact" as const }),
    });
    const client = clientOf(counting.with((model) => model.call));
    watched = undefined; // nobody wrote a schema for counts
    await expect(client.responses.inputTokens.count({ model: "any", input: "Hello" })).resolves.toMatchObject({
      input_tokens: 7,
    });
  });
});

describe("embeddings", () => {
  const asked: unknown[] = [];
  const vectors: EmbeddingModel = defineEmbeddingModel({
    provider: "test",
    id: "vectors",
    call: async ({ values, dimensions }) => {
      asked.push(dimensions);
      return {
        model: "vectors",
        embeddings: values.map((_, place) => [place, 0.5, -1]),
        usage: { input: 4 },
        warnings: [],
      };
    },
  });

  test.each(["float", "base64", undefined] as const)("are asked for as %s", async (encoding) => {
    const answer = await clientOf(vectors).embeddings.create({
      model: "any",
      input: ["a", "b"],
      dimensions: 3,
      ...(encoding && { encoding_format: encoding }),
    });
    const [, second] = answer.data;
    const raw = second?.embedding as unknown;
    const numbers =
      typeof raw === "string" ? Array.from(new Float32Array(new Uint8Array(Buffer.from(raw, "base64")).buffer)) : raw;
    expect(numbers).toEqual([1, 0.5, -1]);
    expect(answer.usage).toEqual({ prompt_tokens: 4, total_tokens: 4 });
    expect(asked.at(-1)).toBe(3);
  });
});

describe("what goes wrong", () => {
  test("is the client's own error, with what it knows of it", async () => {
    const client = clientOf(scripted({ error: "rate-limit", message: "Slow down.", retryAfter: 1500 }));
    const failed = await client.chat.completions
      .create({ model: "any", messages: [...messages] })
      .catch((error) => error);
    expect(failed).toBeInstanceOf(OpenAI.RateLimitError);
    expect(failed.message).toContain("Slow down.");
    expect(failed.headers.get("retry-after-ms")).toBe("1500");
    expect(failed.headers.get("x-should-retry")).toBe("true");
  });

  test.each([
    ["overloaded", 3],
    ["context-length", 1],
    ["budget", 1],
    ["quota", 1],
  ] as const)("is asked again by the client where it may pass: %s, %i times", async (error, calls) => {
    const model = scripted({ error, retryAfter: 1 });
    const client = clientOf(model).withOptions({ maxRetries: 2 });
    await expect(client.chat.completions.create({ model: "any", messages: [...messages] })).rejects.toBeInstanceOf(
      OpenAI.APIError,
    );
    expect(model.requests).toHaveLength(calls);
  });

  test("waits as long as it is told to", async () => {
    const client = clientOf(scripted({ error: "rate-limit", retryAfter: 80 }, "Hello")).withOptions({ maxRetries: 1 });
    const began = performance.now();
    await client.chat.completions.create({ model: "any", messages: [...messages] });
    expect(performance.now() - began).toBeGreaterThan(75);
    expect(performance.now() - began).toBeLessThan(450); // what the client would wait by itself
  });

  test("in the midst of a stream is thrown to its reader", async () => {
    const stream = await clientOf(
      scripted(["Hel", { error: "overloaded", message: "Too much." }]),
    ).chat.completions.create({
      model: "any",
      messages: [...messages],
      stream: true,
    });
    let text = "";
    const reading = async (): Promise<void> => {
      for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? "";
    };
    await expect(reading()).rejects.toThrow("Too much.");
    expect(text).toBe("Hel");
  });
});

describe("calling off", () => {
  const hanging = (): ScriptedModel => scripted(["Hel", { hang: true }]);
  const params = { model: "any", messages: [...messages] };
  /** Whether it was let go before its end, within a second. */
  const isGone = (model: ScriptedModel): Promise<boolean> =>
    vi.waitFor(() => {
      if (model.open > 0) throw new Error("It still answers.");
      return model.cancelled === 1;
    });

  beforeEach(() => {
    watched = undefined;
  });

  test("a request that waits is the client's abort, and the model is let go", async () => {
    const model = hanging();
    const stop = new AbortController();
    const client = new OpenAI({ apiKey: "k", fetch: dropIn(model), maxRetries: 0 });
    const asking = client.chat.completions.create(params, { signal: stop.signal });
    await expect.poll(() => model.open).toBe(1);
    stop.abort();
    await expect(asking).rejects.toBeInstanceOf(OpenAI.APIUserAbortError);
    expect(await isGone(model)).toBe(true);
  });

  test("the client's timeout is its timeout", async () => {
    const model = hanging();
    const client = new OpenAI({ apiKey: "k", fetch: dropIn(model), maxRetries: 0, timeout: 30 });
    await expect(client.chat.completions.create(params)).rejects.toBeInstanceOf(OpenAI.APIConnectionTimeoutError);
    expect(await isGone(model)).toBe(true);
  });

  test("a stream ends it without an error, as a fetched one does", async () => {
    const model = hanging();
    const client = new OpenAI({ apiKey: "k", fetch: dropIn(model), maxRetries: 0 });
    const stream = await client.chat.completions.create({ ...params, stream: true });
    let text = "";
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? "";
      if (text !== "") stream.controller.abort();
    }
    expect(text).toBe("Hel");
    expect(await isGone(model)).toBe(true);
  });

  test("leaving a stream lets the model go", async () => {
    const model = hanging();
    const client = new OpenAI({ apiKey: "k", fetch: dropIn(model), maxRetries: 0 });
    for await (const _ of await client.chat.completions.create({ ...params, stream: true })) break;
    expect(await isGone(model)).toBe(true);
  });
});

test("what the model cannot be told is in a header and told to the application", async () => {
  const notices: Notice[] = [];
  const model = scriptedAs({ provider: "other" }, "Hello");
  const client = clientOf(model, { notify: (notice) => notices.push(notice), tags: { feature: "greeting" } });
  const { response } = await client.chat.completions
    .create({ model: "any", messages: [...messages], logit_bias: { "50256": -100 }, user: "ada" })
    .withResponse();
  expect(response.headers.get("x-plugboard-warnings")).toBe("dropped logit_bias, dropped user");
  const warned = notices.filter((notice) => notice.type === "warning").map(({ warning }) => warning.path);
  expect(warned).toEqual(["logit_bias", "user"]);
  expect(notices.some((notice) => notice.type === "attempt" && notice.attempt.provider === "other")).toBe(true);
  expect(model.requests[0]?.tags).toEqual({ feature: "greeting" });
});

test("Azure's client names the deployment in the path", async () => {
  const model = scripted("Hello");
  const other = scripted("not this one");
  watched = validated(dropIn({ models: { "my-gpt": model, other } }), schemas);
  const client = new AzureOpenAI({
    apiKey: "key-of-azure",
    apiVersion: "2024-10-21",
    endpoint: "https://acme.openai.azure.com",
    fetch: watched.fetch,
    maxRetries: 0,
  });
  const answer = await client.chat.completions.create({ model: "my-gpt", messages: [...messages] });
  expect(answer.choices[0]?.message.content).toBe("Hello");
  expect((await client.responses.create({ model: "my-gpt", input: "Hello" })).output_text).toBe("Hello");
  expect(other.requests).toHaveLength(0);
});
