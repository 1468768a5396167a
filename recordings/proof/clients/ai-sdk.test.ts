import { createAnthropic } from "@ai-sdk/anthropic";
import { createOpenAI } from "@ai-sdk/openai";
import type { ModelRequest } from "@plugboard/core";
import type { SimulatedAnswer, SimulatedModel } from "@plugboard/testing";
import { APICallError, Output, embedMany, generateObject, generateText, isStepCount, streamText, tool } from "ai";
import type { LanguageModel } from "ai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { ways } from "./doors.ts";
import type { Door } from "./doors.ts";

// They would be printed.
beforeAll(() => void (globalThis.AI_SDK_LOG_WARNINGS = false));
afterAll(() => void Reflect.deleteProperty(globalThis, "AI_SDK_LOG_WARNINGS"));

const answer = "Good day to you, whoever you are.";
const place = z.object({ city: z.string(), degrees: z.number() });
const hello = { prompt: "Hello", maxRetries: 0 } as const;

const weather = tool({
  description: "The weather in a city",
  inputSchema: z.object({ city: z.string() }),
  execute: ({ city }) => ({ city, degrees: 4 }),
});

/** Asks for the weather first, and tells what it was told. */
const asksWeather: SimulatedModel = {
  answer: (request) =>
    toldOf(request) === ""
      ? { text: "Let me see.", toolCalls: [{ name: "weather", input: { city: "Oslo" } }] }
      : `It is so: ${toldOf(request)}`,
};

/** Says where and how warm it is: as JSON, or by the call that the AI SDK makes of it for models that it does not know. */
function tellsPlace({ tools }: ModelRequest): SimulatedAnswer {
  const input = { city: "Oslo", degrees: 4 };
  const [only] = tools ?? [];
  return only ? { toolCalls: [{ name: only.name ?? "", input }] } : JSON.stringify(input);
}

/** What the tools said. */
function toldOf({ messages }: ModelRequest): string {
  const last = messages.at(-1);
  return last?.role === "tool" ? JSON.stringify(last.content) : "";
}

function settingsOf({ origin, apiKey, fetch }: Door): {
  readonly baseURL: string;
  readonly apiKey: string;
  readonly fetch: typeof globalThis.fetch;
} {
  return { baseURL: `${origin}/v1`, apiKey, fetch };
}

/** The protocols that the AI SDK's own providers speak. */
const protocols: readonly (readonly [name: string, modelOf: (door: Door) => LanguageModel])[] = [
  ["chat completions", (door) => createOpenAI(settingsOf(door)).chat("fast")],
  ["responses", (door) => createOpenAI(settingsOf(door)).responses("fast")],
  ["messages", (door) => createAnthropic(settingsOf(door))("fast")],
];

describe.each(ways)("the AI SDK through $name", ({ open }) => {
  describe.each(protocols)("by %s", (_, modelOf) => {
    test("generates and streams text, with its usage", async () => {
      await using door = await open({ answer });
      const model = modelOf(door);
      const whole = await generateText({ model, ...hello });
      expect(whole).toMatchObject({ text: answer, finishReason: "stop" });
      expect(whole.usage).toMatchObject({ inputTokens: 2, outputTokens: 9 });

      const stream = streamText({ model, ...hello });
      const deltas: string[] = [];
      for await (const delta of stream.textStream) deltas.push(delta);
      expect(deltas.join("")).toBe(answer);
      expect(deltas.length).toBeGreaterThan(3);
      await expect(stream.finishReason).resolves.toBe("stop");
      await expect(stream.usage).resolves.toMatchObject({ inputTokens: 2, outputTokens: 9 });
      expect(door.calls.map(({ model: name }) => name)).toEqual(["gpt-4o", "gpt-4o"]);
    });

    test("runs its tools in a loop, whole and streamed", async () => {
      await using door = await open(asksWeather);
      const asked = { model: modelOf(door), ...hello, tools: { weather }, stopWhen: isStepCount(3) };
      const whole = await generateText(asked);
      expect(whole.text).toContain("degrees");
      expect(whole.steps.map(({ finishReason }) => finishReason)).toEqual(["tool-calls", "stop"]);
      const stream = streamText(asked);
      await expect(stream.text).resolves.toContain("degrees");
      const [first] = await stream.steps;
      expect(first?.text).toBe("Let me see.");
      expect(first?.toolCalls).toMatchObject([{ toolName: "weather", input: { city: "Oslo" } }]);
      expect(door.calls).toHaveLength(4);
    });

    test("gets objects that fit a schema, whole and while they are written", async () => {
      await using door = await open({ answer: tellsPlace, pace: { tokensPerSecond: 500 } });
      const model = modelOf(door);
      const { object } = await generateObject({ model, ...hello, schema: place });
      expect(object).toEqual({ city: "Oslo", degrees: 4 });
      const { output } = await generateText({ model, ...hello, output: Output.object({ schema: place }) });
      expect(output).toEqual(object);
      const stream = streamText({ model, ...hello, output: Output.object({ schema: place }) });
      const partials: unknown[] = [];
      for await (const partial of stream.partialOutputStream) partials.push(partial);
      expect(partials.at(-1)).toEqual(object);
      expect(partials.length).toBeGreaterThan(1);
      for (const { request } of door.calls) expect(JSON.stringify(request)).toContain('"degrees":{"type":"number"}');
    });

    test("hears of failures in its own class of errors, and whether they may pass", async () => {
      await using door = await open({ answer, fault: { type: "throttle", retryAfter: 1000 } });
      const failed = await generateText({ model: modelOf(door), ...hello }).catch((error: unknown) => error);
      if (!APICallError.isInstance(failed)) throw failed;
      expect(failed).toMatchObject({ statusCode: 429, isRetryable: true });
      expect(failed.responseHeaders).toMatchObject({ "retry-after": "1" });
      expect(failed.message).not.toBe("");
    });

    test("is told of an answer that breaks off, and takes it for no end", async () => {
      await using door = await open({ answer: "word ".repeat(100), fault: { type: "cut", at: 100 } });
      const errors: unknown[] = [];
      const stream = streamText({ model: modelOf(door), ...hello, onError: ({ error }) => void errors.push(error) });
      let text = "";
      for await (const part of stream.fullStream) if (part.type === "text-delta") text += part.text;
      expect(text).toContain("word");
      expect(text.length).toBeLessThan(500);
      expect(errors).toHaveLength(1);
      await expect(stream.finishReason).resolves.not.toBe("stop");
    });

    test("lets the provider go when it aborts", async () => {
      await using door = await open({ answer: "word ".repeat(100), pace: { tokensPerSecond: 50 } }, false);
      const stop = new AbortController();
      const stream = streamText({ model: modelOf(door), ...hello, abortSignal: stop.signal, onError: () => {} });
      for await (const _ of stream.textStream) stop.abort();
      await expect.poll(() => door.calls[0]?.outcome, { timeout: 1000 }).toBe("aborted");
    });
  });

  test("embeds", async () => {
    await using door = await open({ answer });
    const model = createOpenAI(settingsOf(door)).embedding("vectors");
    const { embeddings, usage } = await embedMany({ model, values: ["a", "bcd"] });
    expect(embeddings).toEqual([
      [1, 0.5, -1],
      [3, 0.5, -1],
    ]);
    expect(usage.tokens).toBe(2);
  });
});
