import { FakeListChatModel } from "@langchain/core/utils/testing";
import { ChatOpenAI, OpenAIEmbeddings } from "@langchain/openai";
import { defineTool, generateObject, runTools } from "@plugboard/core";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { fromLangChainEmbeddings } from "./embeddings.ts";
import { fromLangChain } from "./from-lang-chain.ts";

interface Body {
  readonly messages: readonly Record<string, unknown>[];
  readonly input: readonly Record<string, unknown>[];
  readonly tools: readonly { readonly function: { readonly name: string } }[];
  readonly tool_choice: unknown;
  readonly temperature?: number;
}

/** ChatOpenAI over bodies that are given one after the other; a list of chunks is streamed. */
function chatOver(
  answers: readonly object[],
  useResponsesApi = false,
): { readonly chat: ChatOpenAI; readonly bodies: Body[] } {
  const bodies: Body[] = [];
  const fetch: typeof globalThis.fetch = (_, init) => {
    const answer = answers[Math.min(bodies.push(JSON.parse(init!.body as string) as Body), answers.length) - 1]!;
    if (answer instanceof Response) return Promise.resolve(answer.clone());
    if (!Array.isArray(answer)) return Promise.resolve(Response.json(answer));
    const lines = answer.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join("");
    return Promise.resolve(
      new Response(`${lines}data: [DONE]\n\n`, { headers: { "content-type": "text/event-stream" } }),
    );
  };
  return {
    chat: new ChatOpenAI({ model: "gpt-4o", apiKey: "key", useResponsesApi, configuration: { fetch } }),
    bodies,
  };
}

const usage = { prompt_tokens: 5, completion_tokens: 3, total_tokens: 8 };

function said(message: object, finish_reason = "stop"): object {
  return {
    id: "chatcmpl-1",
    model: "gpt-4o-2024",
    choices: [{ index: 0, message: { role: "assistant", content: null, ...message }, finish_reason }],
    usage,
  };
}

function called(name: string, args: string): object {
  return { tool_calls: [{ id: "call_1", type: "function", function: { name, arguments: args } }] };
}

function streamed(deltas: readonly object[], finish_reason: string | null): object[] {
  const base = { id: "chatcmpl-1", model: "gpt-4o-2024" };
  return [
    ...[{ role: "assistant", content: "" }, ...deltas].map((delta) =>
      Object.assign({ choices: [{ index: 0, delta }] }, base),
    ),
    ...(finish_reason === null ? [] : [{ ...base, choices: [{ index: 0, delta: {}, finish_reason }] }]),
    { ...base, choices: [], usage },
  ];
}

const weather = defineTool({
  name: "weather",
  input: z.object({ city: z.string() }),
  execute: ({ city }) => ({ city, degrees: 21 }),
});

describe("a chat model of LangChain", () => {
  test("goes by the name of its provider", () => {
    expect(fromLangChain(chatOver([]).chat, { catalogId: "gpt-4o" })).toMatchObject({
      provider: "openai",
      id: "gpt-4o",
      catalogId: "gpt-4o",
    });
    expect(fromLangChain(chatOver([]).chat, { provider: "azure", id: "d1" })).toMatchObject({
      provider: "azure",
      id: "d1",
    });
  });

  test("runs our tools, whole and streamed", async () => {
    const args = '{ "city": "Bern" }';
    const pieces = called("weather", args) as { tool_calls: { function: object }[] };
    const first = { ...pieces.tool_calls[0]!, index: 0, function: { name: "weather", arguments: "" } };
    const rest = ['{ "city"', ': "Bern" }'].map((piece) => ({
      tool_calls: [{ index: 0, function: { arguments: piece } }],
    }));
    const runs = [
      { stream: false, answers: [said(called("weather", args), "tool_calls"), said({ content: "21." })] },
      {
        stream: true,
        answers: [
          streamed([{ tool_calls: [first] }, ...rest], "tool_calls"),
          streamed([{ content: "2" }, { content: "1." }], "stop"),
        ],
      },
    ];
    for (const { stream, answers } of runs) {
      const { chat, bodies } = chatOver(answers);
      const reply = await runTools(fromLangChain(chat), {
        messages: [{ role: "user", content: "Bern?" }],
        tools: [weather],
        toolChoice: "required",
        stream,
      });
      const result = await reply.result();

      expect(result.content.at(-1)).toEqual({ type: "text", text: "21." });
      // LangChain tells the name of a streamed answer's model with its last chunk, when the reply has long begun.
      expect(result).toMatchObject({
        model: stream ? "gpt-4o" : "gpt-4o-2024",
        id: "chatcmpl-1",
        finishReason: "stop",
        usage: { input: 10, output: 6 },
      });
      expect(bodies[0]).toMatchObject({
        tool_choice: "required",
        tools: [{ type: "function", function: { name: "weather" } }],
      });
      expect(bodies[1]!.messages.slice(1)).toMatchObject([
        { role: "assistant", tool_calls: [{ id: "call_1", function: { name: "weather" } }] },
        { role: "tool", tool_call_id: "call_1", content: '{"city":"Bern","degrees":21}' },
      ]);
    }
  });

  test("answers with JSON by a schema, as text, beside tools or alone, whole and streamed", async () => {
    const schema = z.object({ city: z.string() });
    const { chat, bodies } = chatOver([said(called("output", '{"city":"Bern"}'), "tool_calls")]);
    const { object, result } = await generateObject(fromLangChain(chat), {
      messages: [{ role: "user", content: "Bern?" }],
      schema,
    });
    expect(object).toEqual({ city: "Bern" });
    expect(result.finishReason).toBe("stop");
    expect(bodies[0]!.tool_choice).toEqual({ type: "function", function: { name: "output" } });

    const list = { type: "array", items: { type: "number" } } as const;
    const pieces = [
      { tool_calls: [{ index: 0, id: "c", type: "function", function: { name: "output", arguments: '{"val' } }] },
      { tool_calls: [{ index: 0, function: { arguments: 'ue":[1,2]}' } }] },
    ];
    const wrapped = chatOver([streamed(pieces, "tool_calls")]);
    const reply = await fromLangChain(wrapped.chat).stream({
      messages: [{ role: "user", content: "?" }],
      output: { schema: list },
      tools: [weather],
    });
    expect(await reply.text()).toBe("[1,2]");
    expect(wrapped.bodies[0]!.tools.map((tool) => tool.function.name)).toEqual(["weather", "output"]);
    expect(wrapped.bodies[0]!.tool_choice).toBe("required");
  });

  test("gets back what its provider wants back, unless the application changed what it said", async () => {
    const thought = { type: "reasoning", id: "rs_1", encrypted_content: "enc", summary: [] };
    const message = {
      type: "message",
      id: "msg_1",
      role: "assistant",
      status: "completed",
      content: [{ type: "output_text", text: "Hello", annotations: [] }],
    };
    const answer = {
      id: "resp_1",
      object: "response",
      model: "gpt-5",
      status: "completed",
      output: [thought, message],
      usage: { input_tokens: 5, output_tokens: 3, total_tokens: 8 },
    };
    const { chat, bodies } = chatOver([answer], true);
    const model = fromLangChain(chat);
    const { content } = await model.generate("Hi");
    const ask = (said: typeof content): Promise<unknown> =>
      model.generate({
        messages: [
          { role: "user", content: "Hi" },
          { role: "assistant", content: said },
          { role: "user", content: "And?" },
        ],
      });
    await ask(content);
    await ask(content.map((part) => (part.type === "text" ? { type: "text", text: "***" } : part)));

    expect(JSON.stringify(bodies[1]!.input)).toContain('"encrypted_content":"enc"');
    expect(JSON.stringify(bodies[2]!.input)).not.toContain("Hello");
    expect(JSON.stringify(bodies[2]!.input)).toContain("***");
  });

  test("is asked once: its own retries are switched off", async () => {
    const { chat, bodies } = chatOver([
      new Response('{"error":{"message":"Slow down"}}', {
        status: 429,
        headers: { "retry-after": "2", "x-request-id": "r1" },
      }),
    ]);
    await expect(fromLangChain(chat).generate("Hi")).rejects.toMatchObject({
      code: "rate-limit",
      status: 429,
      retryAfter: 2000,
      requestId: "r1",
      provider: "openai",
    });
    expect(bodies).toHaveLength(1);
  });

  test("drops settings that are made with it, by their names, unless it is told how to call with them", async () => {
    const { chat, bodies } = chatOver([said({ content: "ok" })]);
    const request = {
      messages: [{ role: "user" as const, content: "Hi" }],
      temperature: 0.2,
      seed: 1,
      maxOutputTokens: 5,
    };
    const { warnings } = await fromLangChain(chat).generate(request);
    expect(warnings.map(({ code, path }) => [code, path])).toEqual([
      ["dropped", "maxOutputTokens"],
      ["dropped", "temperature"],
      ["dropped", "seed"],
    ]);

    const told = fromLangChain(chat, { callOptions: ({ seed }) => ({ seed }) });
    expect((await told.generate(request)).warnings).toEqual([]);
    expect(bodies[1]).toMatchObject({ seed: 1 });
  });

  test("does not call a stream of calls that broke off a success", async () => {
    const whole = {
      tool_calls: [{ index: 0, id: "c", type: "function", function: { name: "weather", arguments: "{}" } }],
    };
    const { chat } = chatOver([streamed([whole], null)]);
    const reply = await fromLangChain(chat).stream({ messages: [{ role: "user", content: "?" }], tools: [weather] });
    await expect(reply.result()).rejects.toMatchObject({ code: "truncated" });
  });

  test("has no key in its fingerprint, but how it was made", () => {
    const { fingerprint } = fromLangChain(new ChatOpenAI({ model: "gpt-4o", apiKey: "sk-secret", temperature: 0.25 }));
    expect(fingerprint).toContain("0.25");
    expect(fingerprint).not.toContain("sk-secret");
  });

  test("is let go with the reply, and called off with the signal", async () => {
    const chat = new FakeListChatModel({ responses: ["a long answer"], sleep: 50 });
    const reply = await fromLangChain(chat).stream("Hi");
    reply.cancel();
    await expect(reply.result()).rejects.toMatchObject({ code: "aborted" });

    const controller = new AbortController();
    const called = fromLangChain(chat).generate({
      messages: [{ role: "user", content: "Hi" }],
      signal: controller.signal,
    });
    controller.abort();
    await expect(called).rejects.toMatchObject({ code: "aborted" });
  });

  test("that takes no tools says so", async () => {
    const chat = Object.assign(new FakeListChatModel({ responses: ["x"] }), { bindTools: undefined });
    await expect(
      fromLangChain(chat).generate({ messages: [{ role: "user", content: "Hi" }], tools: [weather] }),
    ).rejects.toMatchObject({ code: "unsupported" });
  });
});

test("embeddings of LangChain are a model of ours", async () => {
  const fetch: typeof globalThis.fetch = (_, init) => {
    const { input } = JSON.parse(init!.body as string) as { input: string | string[] };
    const data = [input].flat().map((value, index) => ({ index, embedding: [value.length] }));
    return Promise.resolve(Response.json({ data, usage: { prompt_tokens: 1 } }));
  };
  const embeddings = new OpenAIEmbeddings({ apiKey: "key", encodingFormat: "float", configuration: { fetch } });
  const model = fromLangChainEmbeddings(embeddings, { provider: "openai", id: "text-embedding-3-small" });
  expect((await model.embed(["a", "bc"])).embeddings).toEqual([[1], [2]]);
  expect((await model.embed({ values: ["abc"], purpose: "query" })).embeddings).toEqual([[3]]);
  await expect(model.embed({ values: ["a"], dimensions: 8 })).rejects.toMatchObject({ code: "unsupported" });
});
