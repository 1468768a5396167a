import { HumanMessage } from "@langchain/core/messages";
import type { AIMessageChunk, BaseMessageLike } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { ChatOpenAI, OpenAIEmbeddings } from "@langchain/openai";
import type { ModelRequest } from "@plugboard/core";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { ways } from "./doors.ts";
import type { Door } from "./doors.ts";

const answer = "Good day to you, whoever you are.";
const place = z.object({ city: z.string(), degrees: z.number() });
const weather = tool(({ city }: { readonly city: string }) => `4 degrees in ${city}`, {
  name: "weather",
  description: "The weather in a city",
  schema: z.object({ city: z.string() }),
});

function chatOf({ origin, apiKey, fetch }: Door, useResponsesApi: boolean): ChatOpenAI {
  const configuration = { baseURL: `${origin}/v1`, fetch };
  return new ChatOpenAI({ model: "fast", apiKey, maxRetries: 0, useResponsesApi, configuration });
}

/** What the tools said. */
function toldOf({ messages }: ModelRequest): string {
  const last = messages.at(-1);
  return last?.role === "tool" ? JSON.stringify(last.content) : "";
}

describe.each(ways)("LangChain's client of OpenAI through $name", ({ open }) => {
  describe.each([
    ["chat completions", false],
    ["responses", true],
  ] as const)("by %s", (_, responses) => {
    test("invokes and streams, with the usage", async () => {
      await using door = await open({ answer });
      const chat = chatOf(door, responses);
      const whole = await chat.invoke("Hello");
      expect(whole.text).toBe(answer);
      expect(whole.usage_metadata).toMatchObject({ input_tokens: 2, output_tokens: 9, total_tokens: 11 });
      let gathered: AIMessageChunk | undefined;
      let chunks = 0;
      for await (const chunk of await chat.stream("Hello")) {
        gathered = gathered ? gathered.concat(chunk) : chunk;
        chunks++;
      }
      expect(gathered?.text).toBe(answer);
      expect(gathered?.usage_metadata).toMatchObject({ input_tokens: 2, output_tokens: 9 });
      expect(chunks).toBeGreaterThan(3);
    });

    test("binds tools, and goes on with what they said", async () => {
      await using door = await open({
        answer: (request) =>
          toldOf(request) === ""
            ? { text: "Let me see.", toolCalls: [{ name: "weather", input: { city: "Oslo" } }] }
            : `It is so: ${toldOf(request)}`,
      });
      const chat = chatOf(door, responses).bindTools([weather]);
      const messages: BaseMessageLike[] = [new HumanMessage("Hello")];
      const first = await chat.invoke(messages);
      expect(first.tool_calls).toMatchObject([{ name: "weather", args: { city: "Oslo" } }]);
      messages.push(first, await weather.invoke(first.tool_calls![0]!));
      const second = await chat.invoke(messages);
      expect(second.text).toContain("4 degrees in Oslo");

      let streamed: AIMessageChunk | undefined;
      for await (const chunk of await chat.stream("Hello")) streamed = streamed ? streamed.concat(chunk) : chunk;
      expect(streamed?.tool_calls).toMatchObject([{ name: "weather", args: { city: "Oslo" } }]);
      expect(streamed?.text).toBe("Let me see.");
    });

    test("gets objects that fit a schema, held to it by the model or by a call", async () => {
      const input = { city: "Oslo", degrees: 4 };
      await using door = await open({
        answer: ({ tools }) => (tools ? { toolCalls: [{ name: "place", input }] } : JSON.stringify(input)),
      });
      const chat = chatOf(door, responses);
      for (const method of ["jsonSchema", "functionCalling"] as const) {
        const structured = chat.withStructuredOutput(place, { name: "place", method });
        await expect(structured.invoke("Hello")).resolves.toEqual(input);
      }
      const [bySchema, byCall] = door.calls.map(({ request }) => request);
      expect(bySchema?.output).toMatchObject({ name: "place", schema: { type: "object" } });
      expect(byCall?.tools).toMatchObject([{ name: "place" }]);
      expect(byCall?.toolChoice).toEqual({ name: "place" });
    });

    test("hears of failures, and of an answer that breaks off", async () => {
      await using throttled = await open({ answer, fault: { type: "throttle", retryAfter: 1000 } });
      await expect(chatOf(throttled, responses).invoke("Hello")).rejects.toMatchObject({ status: 429 });
      await using cut = await open({ answer: "word ".repeat(100), fault: { type: "cut", at: 100 } });
      let text = "";
      const read = async (): Promise<void> => {
        for await (const chunk of await chatOf(cut, responses).stream("Hello")) text += chunk.text;
      };
      await expect(read()).rejects.toThrow(/fail|broke|connection/i);
      expect(text).toContain("word");
    });

    test("lets the provider go when it is called off", async () => {
      await using door = await open({ answer: "word ".repeat(100), pace: { tokensPerSecond: 50 } }, false);
      const stop = new AbortController();
      const read = async (): Promise<void> => {
        for await (const _ of await chatOf(door, responses).stream("Hello", { signal: stop.signal })) stop.abort();
      };
      await expect(read()).rejects.toThrow(/abort/i);
      await expect.poll(() => door.calls[0]?.outcome, { timeout: 1000 }).toBe("aborted");
    });
  });

  test("embeds documents and queries", async () => {
    await using door = await open({ answer });
    const { origin, apiKey, fetch } = door;
    const embeddings = new OpenAIEmbeddings({
      model: "vectors",
      apiKey,
      maxRetries: 0,
      configuration: { baseURL: `${origin}/v1`, fetch },
    });
    await expect(embeddings.embedDocuments(["a", "bcd"])).resolves.toEqual([
      [1, 0.5, -1],
      [3, 0.5, -1],
    ]);
    await expect(embeddings.embedQuery("ab")).resolves.toEqual([2, 0.5, -1]);
  });
});
