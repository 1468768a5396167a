import type { AssistantPart } from "@plugboard/core";
import { AIMessage, AIMessageChunk, HumanMessage, SystemMessage, ToolMessage } from "@langchain/core/messages";
import { StringOutputParser } from "@langchain/core/output_parsers";
import { ChatPromptTemplate } from "@langchain/core/prompts";
import { tool } from "@langchain/core/tools";
import { defineEmbeddingModel } from "@plugboard/core";
import { scripted, scriptedAs } from "@plugboard/testing";
import { describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { gathered } from "../gathered.ts";
import { toLangChainEmbeddings } from "./embeddings.ts";
import { toLangChain } from "./to-lang-chain.ts";

const usage = { input: 11, output: 7, cachedInput: 4, cacheWrite5m: 2, reasoning: 3 };
const weather = tool(({ city }: { city: string }) => `21 in ${city}`, {
  name: "weather",
  description: "The weather in a city",
  schema: z.object({ city: z.string() }),
});
const asksWeather = { toolCall: { name: "weather", input: { city: "Bern" }, id: "call_1" } };

describe("invoke", () => {
  test("answers with text, usage, and what LangChain looks for", async () => {
    const model = scripted(["Hel", "lo", { usage }]);
    const message = await toLangChain(model).invoke([new SystemMessage("Be brief."), new HumanMessage("Hi")]);

    expect(message.content).toBe("Hello");
    expect(message.usage_metadata).toEqual({
      input_tokens: 11,
      output_tokens: 7,
      total_tokens: 18,
      input_token_details: { cache_read: 4, cache_creation: 2 },
      output_token_details: { reasoning: 3 },
    });
    expect(message.response_metadata).toMatchObject({
      model_name: "scripted",
      finish_reason: "stop",
      plugboard: { attempts: [{ outcome: "finished" }] },
    });
    expect(model.requests[0]!.messages).toEqual([
      { role: "system", content: "Be brief." },
      { role: "user", content: "Hi" },
    ]);
  });

  test("stands in a chain, with settings of the model, the call and its stops", async () => {
    const model = scripted("Hello");
    const chat = toLangChain(model, { settings: { temperature: 0.9, maxOutputTokens: 50 }, tags: { feature: "chat" } });
    const chain = ChatPromptTemplate.fromTemplate("Say {word}")
      .pipe(chat.withConfig({ temperature: 0, stop: ["END"], spendTags: { user: "u1" } }))
      .pipe(new StringOutputParser());

    expect(await chain.invoke({ word: "hello" })).toBe("Hello");
    expect(model.requests[0]).toMatchObject({
      messages: [{ role: "user", content: "Say hello" }],
      temperature: 0,
      maxOutputTokens: 50,
      stop: ["END"],
      tags: { feature: "chat", user: "u1" },
    });
  });

  test("reads files in all the forms that LangChain has for them", async () => {
    const model = scripted("ok");
    await toLangChain(model).invoke([
      new HumanMessage({
        content: [
          { type: "text", text: "See" },
          { type: "image_url", image_url: { url: "data:image/png;base64,AQID" } },
          { type: "image", source_type: "url", url: "https://a.example/b.png", mime_type: "image/png" },
          { type: "image", mimeType: "image/png", data: "AQID" },
          { type: "file", mimeType: "application/pdf", data: "AQID", metadata: { filename: "c.pdf" } },
        ],
      }),
    ]);
    const bytes = Uint8Array.of(1, 2, 3);
    expect(model.requests[0]!.messages[0]!.content).toEqual([
      { type: "text", text: "See" },
      { type: "file", mediaType: "image/png", data: bytes },
      { type: "file", mediaType: "image/png", data: new URL("https://a.example/b.png") },
      { type: "file", mediaType: "image/png", data: bytes },
      { type: "file", mediaType: "application/pdf", data: bytes, filename: "c.pdf" },
    ]);
  });

  test("runs in a loop with tools, whose results go back with what failed", async () => {
    const model = scripted(
      [asksWeather, { toolCall: { name: "weather", input: { city: "Rome" }, id: "call_2" } }],
      "Done.",
    );
    const chat = toLangChain(model).bindTools([weather], { tool_choice: "any" });
    const question = new HumanMessage("Weather?");
    const answer = await chat.invoke([question]);

    expect(answer.tool_calls).toEqual([
      { type: "tool_call", id: "call_1", name: "weather", args: { city: "Bern" } },
      { type: "tool_call", id: "call_2", name: "weather", args: { city: "Rome" } },
    ]);
    const result: ToolMessage = await weather.invoke({ ...answer.tool_calls![0]!, type: "tool_call" });
    const failed = new ToolMessage({
      tool_call_id: "call_2",
      name: "weather",
      content: "No such city",
      status: "error",
    });
    expect((await chat.invoke([question, answer, result, failed])).content).toBe("Done.");

    expect(model.requests[0]).toMatchObject({
      toolChoice: "required",
      tools: [
        {
          type: "function",
          name: "weather",
          description: "The weather in a city",
          input: { type: "object", required: ["city"] },
        },
      ],
    });
    expect(model.requests[1]!.messages.slice(1)).toMatchObject([
      {
        role: "assistant",
        content: [
          { type: "tool-call", id: "call_1", input: { city: "Bern" } },
          { type: "tool-call", id: "call_2" },
        ],
      },
      {
        role: "tool",
        content: [
          { type: "tool-result", id: "call_1", name: "weather", output: "21 in Bern" },
          { type: "tool-result", id: "call_2", name: "weather", output: "No such city", isError: true },
        ],
      },
    ]);
  });

  test("takes tools in the forms of OpenAI, of Anthropic and of ours, and names a form that it does not know", async () => {
    const input = { type: "object", properties: {} };
    const model = scripted("ok");
    await toLangChain(model)
      .bindTools([
        { type: "function", function: { name: "a", parameters: input, strict: true } },
        { name: "b", description: "B", input_schema: input },
        { name: "c", input },
        { type: "provider", id: "openai.web_search" },
      ])
      .invoke("Hi");
    expect(model.requests[0]!.tools).toEqual([
      { type: "function", name: "a", input, strict: true },
      { type: "function", name: "b", description: "B", input },
      { type: "function", name: "c", input },
      { type: "provider", id: "openai.web_search" },
    ]);
    expect(() => toLangChain(model).bindTools([{ type: "web_search_preview" }])).toThrow('{ type: "provider"');
  });

  test("gives objects that fit a schema: held to it by the provider, or by a call where that is asked for", async () => {
    const schema = z.object({ city: z.string(), degrees: z.number() });
    const model = scripted('{"city":"Bern","degrees":21}');
    const chat = toLangChain(model);
    const plain = await chat.withStructuredOutput(schema, { name: "weather" }).invoke("Bern?");
    const { raw, parsed } = await chat.withStructuredOutput(schema, { includeRaw: true }).invoke("Bern?");

    expect(plain).toEqual({ city: "Bern", degrees: 21 });
    expect(parsed).toEqual(plain);
    expect(raw.content).toBe('{"city":"Bern","degrees":21}');
    expect(model.requests[0]!.output).toMatchObject({
      name: "weather",
      schema: { type: "object", required: ["city", "degrees"] },
    });
    expect(model.requests[0]!.output!.schema).not.toHaveProperty("$schema");
    await expect(toLangChain(scripted('{"city":1}')).withStructuredOutput(schema).invoke("Bern?")).rejects.toThrow(
      "parse",
    );

    const caller = scripted({ toolCall: { name: "weather", input: { city: "Bern", degrees: 21 } } });
    const called = await toLangChain(caller)
      .withStructuredOutput(schema, { name: "weather", method: "functionCalling" })
      .invoke("Bern?");
    expect(called).toEqual(plain);
  });
});

describe("stream", () => {
  test("gives text as it comes, as text, and the usage at the end", async () => {
    const model = scripted(["Hel", "lo", { usage }]);
    const chunks = await gathered(await toLangChain(model).stream("Hi"));

    expect(chunks.map(({ content }) => content)).toEqual(["Hel", "lo", ""]);
    const whole = chunks.reduce((sum, chunk) => sum.concat(chunk));
    expect(whole).toMatchObject({
      content: "Hello",
      usage_metadata: { total_tokens: 18 },
      response_metadata: { finish_reason: "stop" },
    });
  });

  test("adds text after thoughts up to one block", async () => {
    const chunks = await gathered(await toLangChain(scripted([{ reasoning: "Hm." }, "So ", "it is."])).stream("Hi"));
    const whole = chunks.reduce((sum, chunk) => sum.concat(chunk));
    expect(whole.contentBlocks).toMatchObject([
      { type: "reasoning", reasoning: "Hm." },
      { type: "text", text: "So it is." },
    ]);
  });

  test("adds up to the message that invoke gives, with thoughts, calls and everything else", async () => {
    const said: AssistantPart[] = [
      { type: "reasoning", text: "Hm.", providerData: { anthropic: { signature: "c2ln" } } },
      {
        type: "text",
        text: "So.",
        citations: [{ source: { type: "source", url: "https://a.example" }, start: 0, end: 2 }],
      },
      { type: "tool-call", id: "s1", name: "web_search", input: { query: "Bern" }, executed: true },
      { type: "tool-result", id: "s1", name: "web_search", output: "2 hits", executed: true },
      { type: "file", mediaType: "image/png", data: Uint8Array.of(1) },
      { type: "tool-call", id: "call_1", name: "weather", input: { city: "Bern" }, raw: '{ "city": "Bern" }' },
      { type: "tool-call", id: "call_2", name: "weather", input: '{"city', raw: '{"city', invalid: true },
      { type: "opaque", kind: "compaction", providerData: { openai: { item: { id: "cmp_1" } } } },
    ];
    const chat = (): ReturnType<typeof toLangChain> => toLangChain(scripted(said.map((part) => ({ part }))));
    const message = await chat().invoke("Hi");
    const chunks = await gathered(await chat().stream("Hi"));
    const whole = chunks.reduce((sum, chunk) => sum.concat(chunk));

    expect(whole.text).toBe(message.text);
    // LangChain itself mends broken arguments where it adds chunks up.
    expect(whole.tool_calls).toEqual([
      ...message.tool_calls!,
      { type: "tool_call", id: "call_2", name: "weather", args: {} },
    ]);
    expect(message.invalid_tool_calls).toMatchObject([{ id: "call_2", args: '{"city' }]);
    expect(message.contentBlocks.map(({ type }) => type)).toEqual([
      "reasoning",
      "text",
      "server_tool_call",
      "server_tool_call_result",
      "image",
      "non_standard",
      "tool_call",
    ]);
    // The next call of the model is asked with what it said, whichever way that went.
    for (const answer of [message, whole]) {
      const model = scripted("ok");
      await toLangChain(model).invoke([new HumanMessage("Hi"), answer, new HumanMessage("And?")]);
      expect(model.requests[0]!.messages[1]).toEqual({ role: "assistant", content: said });
    }
  });

  test("follows what the application did to a message, not what it was", async () => {
    const model = scripted([{ part: { type: "text", text: "My key is abc.", providerData: { a: { b: 1 } } } }], "ok");
    const chat = toLangChain(model);
    const message = await chat.invoke("Hi");
    expect(message.additional_kwargs["plugboard"]).toBeDefined();
    message.content = "My key is ***.";
    await chat.invoke([new HumanMessage("Hi"), message, new HumanMessage("And?")]);
    expect(model.requests[1]!.messages[1]).toEqual({
      role: "assistant",
      content: [{ type: "text", text: "My key is ***." }],
    });
  });

  test("tells callbacks of tokens, the end and failures", async () => {
    const told = {
      handleLLMNewToken: vi.fn<(token: string) => void>(),
      handleLLMEnd: vi.fn<(result: unknown) => void>(),
      handleLLMError: vi.fn<(error: unknown) => void>(),
    };
    await gathered(await toLangChain(scripted(["Hel", "lo", { usage }])).stream("Hi", { callbacks: [told] }));
    expect(told.handleLLMNewToken.mock.calls.map(([token]) => token)).toEqual(["Hel", "lo", ""]);
    expect(told.handleLLMEnd.mock.calls[0]![0]).toMatchObject({ llmOutput: { tokenUsage: { totalTokens: 18 } } });

    const chat = toLangChain(scripted({ error: "auth" }));
    await expect(chat.invoke("Hi", { callbacks: [told] })).rejects.toMatchObject({ code: "auth" });
    expect(told.handleLLMError).toHaveBeenCalledTimes(1);
  });

  test("closes the connection when the signal fires, when the time is over, and when the loop is left", async () => {
    const model = scripted(["Hel", { hang: true }]);
    const chat = toLangChain(model);
    const controller = new AbortController();
    const aborted = (async () => {
      for await (const chunk of await chat.stream("Hi", { signal: controller.signal }))
        if (chunk.content) controller.abort();
    })();
    await expect(aborted).rejects.toThrow("aborted");
    await expect(chat.invoke("Hi", { timeout: 20 })).rejects.toThrow("ran out");
    for await (const _ of await chat.stream("Hi")) break;
    await vi.waitFor(() => expect(model.cancelled).toBe(3));
  });

  test("does not repeat a call that failed, and throws what failed in the middle", async () => {
    const model = scripted({ error: "server" });
    await expect(toLangChain(model).invoke("Hi")).rejects.toMatchObject({ code: "server" });
    expect(model.requests).toHaveLength(1);
    await expect(gathered(await toLangChain(scripted(["Hel", { close: true }])).stream("Hi"))).rejects.toMatchObject({
      code: "truncated",
    });
  });
});

test("is told apart by tracing and by caches", () => {
  const chat = toLangChain(scriptedAs({ provider: "acme", id: "m1" }, "x"));
  expect(chat.getLsParams({})).toMatchObject({ ls_provider: "acme", ls_model_name: "m1" });
  expect(chat.invocationParams({})).toMatchObject({ fingerprint: "acme:m1" });
  expect([AIMessage.isInstance(new AIMessage("x")), AIMessageChunk.isInstance(new AIMessageChunk("x"))]).toEqual([
    true,
    true,
  ]);
});

test("embeddings are of documents and of queries", async () => {
  const purposes: unknown[] = [];
  const embeddings = toLangChainEmbeddings(
    defineEmbeddingModel({
      provider: "acme",
      id: "embed-1",
      call({ values, purpose, dimensions }) {
        purposes.push([purpose, dimensions]);
        return Promise.resolve({
          model: "embed-1",
          embeddings: values.map((value) => [value.length]),
          usage: {},
          warnings: [],
        });
      },
    }),
    { dimensions: 8 },
  );
  expect(await embeddings.embedDocuments(["a", "bc"])).toEqual([[1], [2]]);
  expect(await embeddings.embedQuery("abc")).toEqual([3]);
  expect(await embeddings.embedDocuments([])).toEqual([]);
  expect(purposes).toEqual([
    ["document", 8],
    ["query", 8],
  ]);
});
