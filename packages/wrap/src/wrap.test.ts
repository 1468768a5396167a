import Anthropic from "@anthropic-ai/sdk";
import { GoogleGenAI } from "@google/genai";
import { Mistral } from "@mistralai/mistralai";
import type { Middleware } from "@plugboard/core";
import { cache } from "@plugboard/middleware";
import { groq } from "@plugboard/openai/compatible";
import { scripted, scriptedAs, simulate } from "@plugboard/testing";
import type { SimulateOptions, Simulator } from "@plugboard/testing";
import OpenAI, { AzureOpenAI } from "openai";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { unwrap } from "./unwrap.ts";
import { wrap } from "./wrap.ts";

const messages = [{ role: "user" as const, content: "Hello" }];
const chat = { model: "gpt-4o", messages };
let simulator: Simulator;

/** The client's own provider. */
async function provider(
  models: SimulateOptions["models"] = { "gpt-4o": { answer: "from the provider" } },
): Promise<string> {
  simulator = await simulate({ models });
  return simulator.url;
}

const down: SimulateOptions["models"] = {
  "gpt-4o": { answer: "never", fault: { type: "error", code: "overloaded", at: "headers" } },
};

async function openaiClient(models?: SimulateOptions["models"]): Promise<OpenAI> {
  return new OpenAI({ apiKey: "sk-own-key", baseURL: `${await provider(models)}/v1`, maxRetries: 0 });
}

const said = (answer: OpenAI.ChatCompletion): unknown => answer.choices[0]?.message.content;

beforeEach(() => {
  vi.stubEnv("OPENAI_API_KEY", undefined);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await simulator.close();
});

describe("the client's own provider is asked first", () => {
  test("at the client's address, with its key and headers, and with what only it understands", async () => {
    const backup = scripted("from the backup");
    const plain = await openaiClient();
    const client: OpenAI = wrap(plain.withOptions({ organization: "org-1", defaultHeaders: { "x-team": "blue" } }), {
      fallback: [backup],
    });
    const asked = { ...chat, logit_bias: { "1": 2 }, temperature: 0.5 };
    const { data, response } = await client.chat.completions.create(asked).withResponse();
    expect(said(data)).toBe("from the provider");
    expect(response.headers.get("x-plugboard-warnings")).toBeNull();
    expect(backup.requests).toHaveLength(0);
    expect(simulator.requests).toHaveLength(1);
    expect(simulator.requests[0]).toMatchObject({
      path: "/v1/chat/completions",
      headers: { authorization: "Bearer sk-own-key", "openai-organization": "org-1", "x-team": "blue" },
      body: asked,
    });
  });

  test("streamed, when the client streams", async () => {
    const client = wrap(await openaiClient());
    let text = "";
    for await (const chunk of await client.chat.completions.create({ ...chat, stream: true }))
      text += chunk.choices[0]?.delta.content ?? "";
    expect(text).toBe("from the provider");
    expect(simulator.requests[0]?.body).toMatchObject({ stream: true });
  });

  test("with each request's own headers, whichever is answered first", async () => {
    const client = wrap(await openaiClient({ "gpt-4o": { answer: "x", pace: { first: 20 } } }));
    const names = ["a", "b", "c"];
    await Promise.all(names.map((name) => client.chat.completions.create(chat, { headers: { "x-request": name } })));
    expect(simulator.requests.map(({ headers }) => headers["x-request"])).toEqual(expect.arrayContaining(names));
  });

  test("through the fetch that the client was given", async () => {
    const url = await provider();
    const own = vi.fn<typeof fetch>((...call) => fetch(...call));
    const client = wrap(new OpenAI({ apiKey: "k", baseURL: `${url}/v1`, fetch: own }));
    await client.chat.completions.create(chat);
    expect(own).toHaveBeenCalledTimes(1);
    expect(own.mock.calls[0]?.[0]).toBe(`${url}/v1/chat/completions`);
  });

  test("with what else the client tells its fetch, such as a proxy", async () => {
    const url = await provider();
    const own = vi.fn<typeof fetch>((...call) => fetch(...call));
    const fetchOptions = { keepalive: true, referrer: "about:client" };
    const client = wrap(new OpenAI({ apiKey: "k", baseURL: `${url}/v1`, fetch: own, fetchOptions }));
    await client.chat.completions.create(chat);
    expect(own.mock.calls[0]?.[1]).toMatchObject({ ...fetchOptions, redirect: "manual" });
  });

  test("by the words of the vendor that it says it is", async () => {
    const client = wrap(await openaiClient(), { vendor: groq });
    await client.chat.completions.create({ ...chat, max_tokens: 9, user: "ada" });
    expect(simulator.requests[0]?.body).toMatchObject({ user: "ada" });
    expect(simulator.requests[0]?.headers.authorization).toBe("Bearer sk-own-key");
  });
});

describe("when it fails", () => {
  test("the next model answers, and sees neither key nor headers", async () => {
    const backup = scriptedAs({ provider: "backup", id: "backup-1" }, "from the backup");
    const client = wrap(await openaiClient(down), { fallback: [backup] });
    const { data, response } = await client.chat.completions.create({ ...chat, user: "ada" }).withResponse();
    expect(said(data)).toBe("from the backup");
    expect(data.model).toBe("backup-1");
    expect(response.headers.get("x-plugboard-warnings")).toBe("dropped user");
    expect(backup.requests[0]).not.toHaveProperty("headers");
    expect(JSON.stringify(backup.requests[0])).not.toContain("sk-own-key");
  });

  test("before its first word, a stream comes from the next", async () => {
    const client = wrap(await openaiClient(down), { fallback: [scripted("from the ", "backup"), scripted("no")] });
    let text = "";
    for await (const chunk of await client.chat.completions.create({ ...chat, stream: true }))
      text += chunk.choices[0]?.delta.content ?? "";
    expect(text).toBe("from the ");
  });

  test("and nobody else is there, its error is the client's own", async () => {
    const client = wrap(await openaiClient(down));
    const failed: unknown = await client.chat.completions.create(chat).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(OpenAI.InternalServerError);
    expect(failed).toMatchObject({ status: 503 });
  });

  test("the application's own rules say what then", async () => {
    const client = wrap(await openaiClient(down), {
      fallback: (original) => original.with(() => scripted("by rule").call),
    });
    expect(said(await client.chat.completions.create(chat))).toBe("by rule");
  });
});

test("middleware stands in front, and keeps what it knows from call to call", async () => {
  const client = wrap(await openaiClient(), { with: [cache()] });
  expect(said(await client.chat.completions.create(chat))).toBe("from the provider");
  expect(said(await client.chat.completions.create(chat))).toBe("from the provider");
  expect(simulator.requests).toHaveLength(1);
});

test("chains are kept for so many names, and the oldest makes room", async () => {
  await provider();
  const body = { model: "m", choices: [{ index: 0, message: { content: "x" }, finish_reason: "stop" }] };
  const made = vi.fn<Middleware>((model) => model.call);
  const client = wrap(new OpenAI({ apiKey: "k", fetch: async () => Response.json(body) }), { with: [made] });
  const ask = (name: number): Promise<unknown> => client.chat.completions.create({ model: `m${name}`, messages });
  for (let name = 0; name <= 256; name++) await ask(name);
  await ask(256);
  await ask(1);
  expect(made).toHaveBeenCalledTimes(257);
  await ask(0);
  expect(made).toHaveBeenCalledTimes(258);
});

describe("what is not chat, or not ours to say, goes to the provider as it came", () => {
  test("other paths", async () => {
    const client = wrap(await openaiClient(), { fallback: [scripted("no")] });
    await expect(client.models.list()).rejects.toMatchObject({ status: 404 });
    await expect(client.embeddings.create({ model: "e", input: "a" })).rejects.toMatchObject({ status: 404 });
    expect(simulator.requests.map(({ path }) => path)).toEqual(["/v1/models", "/v1/embeddings"]);
    expect(simulator.requests[0]?.headers.authorization).toBe("Bearer sk-own-key");
  });

  test("several answers at once", async () => {
    const client = wrap(await openaiClient(), { fallback: [scripted("no")] });
    await client.chat.completions.create({ ...chat, n: 2 }).catch(() => {});
    expect(simulator.requests[0]?.body).toEqual({ ...chat, n: 2 });
  });

  test("responses that go on from one that the provider keeps", async () => {
    const client = wrap(await openaiClient(), { fallback: [scripted("no")] });
    const asked = { model: "gpt-4o", input: "Hello", previous_response_id: "resp_1" };
    await client.responses.create(asked).catch(() => {});
    expect(simulator.requests[0]?.body).toEqual(asked);
    await client.responses.create({ model: "gpt-4o", input: "Hello" });
    expect(simulator.requests[1]?.body).toMatchObject({ store: true }); // as it does for who does not say
  });
});

describe("wrapping", () => {
  test("again forgets how it was before", async () => {
    const first = scripted("first");
    const client = wrap(await openaiClient(down), { fallback: [first] });
    expect(wrap(client, { fallback: [scripted("second")] })).toBe(client);
    expect(said(await client.chat.completions.create(chat))).toBe("second");
    expect(first.requests).toHaveLength(0);
    expect(simulator.requests).toHaveLength(1);
  });

  test("is undone, whatever was there before", async () => {
    const client = await openaiClient(down);
    const before: unknown = Reflect.get(client, "fetch");
    wrap(wrap(client, { fallback: [scripted("backup")] }), { fallback: [scripted("backup")] });
    expect(Reflect.get(client, "fetch")).not.toBe(before);
    expect(unwrap(client)).toBe(client);
    expect(Reflect.get(client, "fetch")).toBe(before);
    expect(unwrap(client)).toBe(client);
    await expect(client.chat.completions.create(chat)).rejects.toBeInstanceOf(OpenAI.InternalServerError);
  });

  test("is taken along by clients that are made of it", async () => {
    const client = wrap(await openaiClient(down), { fallback: [scripted("backup")] }).withOptions({ timeout: 1000 });
    expect(said(await client.chat.completions.create(chat))).toBe("backup");
  });

  test("takes only clients that are known", async () => {
    await provider();
    for (const stranger of [{}, { fetch: () => {} }, new Map()])
      expect(() => wrap(stranger)).toThrow(expect.objectContaining({ code: "invalid-request" }));
  });
});

describe("each client", () => {
  test("Azure's: its deployment, its version and its key", async () => {
    const endpoint = await provider({ "my-gpt": { answer: "from the deployment" } });
    const client = wrap(new AzureOpenAI({ apiKey: "azure-own", apiVersion: "2024-10-21", endpoint, maxRetries: 0 }));
    expect(said(await client.chat.completions.create({ model: "my-gpt", messages }))).toBe("from the deployment");
    expect(simulator.requests[0]).toMatchObject({
      path: "/openai/deployments/my-gpt/chat/completions",
      headers: { "api-key": "azure-own" },
    });
    expect(simulator.requests[0]?.headers).not.toHaveProperty("authorization");
  });

  test.each([
    [{ apiKey: "own-key" }, { authorization: "Bearer own-key" }, "x-api-key"],
    [{ apiKey: null, defaultHeaders: { "x-api-key": "own-key" } }, { "x-api-key": "own-key" }, "authorization"],
  ])("Anthropic's: its version, and its key or token", async (access, headers, other) => {
    const baseURL = await provider({ claude: { answer: "from Claude" }, gone: { answer: "" } });
    const client = wrap(new Anthropic({ ...access, baseURL, maxRetries: 0 }), { fallback: [scripted("backup")] });
    const asked = { max_tokens: 100, messages };
    const answer = await client.messages.create({ model: "claude", ...asked });
    expect(answer.content).toMatchObject([{ text: "from Claude" }]);
    expect(simulator.requests[0]).toMatchObject({ path: "/v1/messages", headers });
    expect(simulator.requests[0]?.headers).not.toHaveProperty(other);
    expect(simulator.requests[0]?.headers["anthropic-version"]).toBe("2026-10-21");
    const fallen = await client.messages.create({ model: "unknown", ...asked });
    expect(fallen.content).toMatchObject([{ text: "backup" }]);
  });

  test("Anthropic's tool runner goes on, whoever answered before", async () => {
    const baseURL = await provider({});
    const backup = scripted({ toolCall: { name: "weather", input: {}, id: "toolu_1" } }, "21 degrees.");
    const client = wrap(new Anthropic({ apiKey: "k", baseURL, maxRetries: 0 }), { fallback: [backup] });
    const run = vi.fn<() => string>(() => "21");
    const weather = {
      name: "weather",
      input_schema: { type: "object" as const },
      run,
      parse: (input: unknown) => input,
    };
    const final = await client.beta.messages.toolRunner({ model: "claude", max_tokens: 9, messages, tools: [weather] });
    expect(final.content).toMatchObject([{ text: "21 degrees." }]);
    expect(backup.requests[1]?.messages).toHaveLength(3);
    expect(simulator.requests.map(({ body }) => JSON.stringify(body)).join()).not.toContain("thread");
  });

  test("Google's, streamed or not", async () => {
    const baseUrl = await provider({ gemini: { answer: "from Gemini" } });
    const client = wrap(new GoogleGenAI({ apiKey: "own-key", httpOptions: { baseUrl } }), {
      fallback: [scripted("backup")],
    });
    const asked = { model: "gemini", contents: "Hello" };
    expect((await client.models.generateContent(asked)).text).toBe("from Gemini");
    let text = "";
    for await (const chunk of await client.models.generateContentStream(asked)) text += chunk.text ?? "";
    expect(text).toBe("from Gemini");
    expect(simulator.requests.map(({ path }) => path.split(":")[1])).toEqual([
      "generateContent",
      "streamGenerateContent",
    ]);
    expect(simulator.requests[0]?.headers["x-goog-api-key"]).toBe("own-key");
    expect((await client.models.generateContent({ ...asked, model: "unknown" })).text).toBe("backup");
    unwrap(client);
    await expect(client.models.generateContent({ ...asked, model: "unknown" })).rejects.toMatchObject({ status: 404 });
  });

  test("Google's, asked for one body by a layer though the client streams", async () => {
    const baseUrl = await provider({ gemini: { answer: "from Gemini" } });
    const own = vi.fn<typeof fetch>((...call) => fetch(...call));
    const client = wrap(new GoogleGenAI({ apiKey: "own-key", httpOptions: { baseUrl, fetch: own } }), {
      with: [(model) => (request) => model.call({ ...request, stream: false })],
    });
    let text = "";
    for await (const chunk of await client.models.generateContentStream({ model: "gemini", contents: "Hello" }))
      text += chunk.text ?? "";
    expect(text).toBe("from Gemini");
    expect(own.mock.calls[0]?.[0]).toMatch(/\/models\/gemini:generateContent$/);
  });

  test("Mistral's, though parts of it were used before", async () => {
    const serverURL = await provider({ small: { answer: "from Mistral" } });
    const client = new Mistral({ apiKey: "own-key", serverURL, retryConfig: { strategy: "none" } });
    const ask = async (model: string): Promise<unknown> =>
      (await client.chat.complete({ model, messages, safePrompt: true })).choices[0]?.message?.content;
    expect(await ask("small")).toBe("from Mistral");
    wrap(client, { fallback: [scripted("backup")] });
    expect(await ask("small")).toBe("from Mistral");
    expect(simulator.requests[1]).toMatchObject({
      headers: { authorization: "Bearer own-key" },
      body: { model: "small", safe_prompt: true },
    });
    expect(await ask("unknown")).toBe("backup");
    unwrap(client);
    await expect(ask("unknown")).rejects.toMatchObject({ statusCode: 404 });
  });
});
