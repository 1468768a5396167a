import { afterEach, describe, expect, test, vi } from "vitest";
import type { EmbeddingRequest, Json, JsonObject, ModelRequest } from "@plugboard/core";
import type { AzureFoundryOptions } from "./foundry-address.ts";
import { azureFoundryEmbedding } from "./azure-foundry-embedding.ts";
import { azureFoundryRerank } from "./azure-foundry-rerank.ts";
import { azureFoundry } from "./azure-foundry.ts";

afterEach(() => void vi.unstubAllEnvs());

const resource = "https://res.services.ai.azure.com";
const serverless = "https://my-phi.eastus2.models.ai.azure.com";
const hello = { messages: [{ role: "user", content: "Hello" }] } as const;

interface Sent {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: JsonObject;
}

/** A fetch that answers everything alike, and what it was asked. */
function recorder(answer: Json): { readonly fetch: typeof fetch; readonly sent: Sent[] } {
  const sent: Sent[] = [];
  return {
    sent,
    async fetch(...parts) {
      const asked = new Request(...parts);
      const body = (await asked.json()) as JsonObject;
      sent.push({ url: asked.url, headers: Object.fromEntries(asked.headers), body });
      return Response.json(answer);
    },
  };
}

const said = (content: string): Json => ({
  id: "i",
  model: "m",
  choices: [{ index: 0, message: { content }, finish_reason: "stop" }],
});

async function chatSends(
  deployment: string,
  options: AzureFoundryOptions,
  request: ModelRequest = hello,
): Promise<Sent & { readonly warned: readonly (string | undefined)[] }> {
  const { fetch, sent } = recorder(said("Hi"));
  const { warnings } = await azureFoundry(deployment, { apiKey: "k", fetch, ...options }).generate(request);
  return { ...sent[0]!, warned: warnings.map(({ path }) => path) };
}

describe("a deployment is asked", () => {
  test("at the resource, through the v1 API, with a key", async () => {
    for (const endpoint of [
      resource,
      `${resource}/openai/v1/`,
      `${resource}/models`,
      `${resource}/api/projects/mine`,
    ]) {
      const { url, headers, body } = await chatSends("my-llama", { endpoint });
      expect(url).toBe(`${resource}/openai/v1/chat/completions`);
      expect(headers).toMatchObject({ "api-key": "k" });
      expect(headers).not.toHaveProperty("authorization");
      expect(body).toStrictEqual({ model: "my-llama", ...hello });
    }
  });

  test("through the inference API, in its version", async () => {
    const old = await chatSends("Phi-4", { endpoint: resource, api: "inference" });
    expect(old.url).toBe(`${resource}/models/chat/completions?api-version=2024-05-01-preview`);
    expect(old.headers).not.toHaveProperty("extra-parameters");
    const dated = await chatSends("Phi-4", { endpoint: resource, api: "inference", apiVersion: "2025-04-01" });
    expect(dated.url).toBe(`${resource}/models/chat/completions?api-version=2025-04-01`);
  });

  test("with the header that passes members on, only where the inference API does not know one", async () => {
    const request = { ...hello, providerOptions: { azure: { safe_prompt: true } } };
    const passed = await chatSends("Mistral-Large-3", { endpoint: resource, api: "inference" }, request);
    expect(passed.headers).toMatchObject({ "extra-parameters": "pass-through" });
    expect(passed.body).toMatchObject({ safe_prompt: true });
    const v1 = await chatSends("Mistral-Large-3", { endpoint: resource }, request);
    expect(v1.headers).not.toHaveProperty("extra-parameters");
  });

  test("at a serverless endpoint, with the key as a bearer token", async () => {
    for (const endpoint of [serverless, `${serverless}/v1`]) {
      const { url, headers } = await chatSends("Phi-4", { endpoint });
      expect(url).toBe(`${serverless}/v1/chat/completions`);
      expect(headers).toMatchObject({ authorization: "Bearer k" });
      expect(headers).not.toHaveProperty("api-key");
    }
    const proxied = await chatSends("Phi-4", { endpoint: "https://proxy.example", api: "serverless" });
    expect(proxied.url).toBe("https://proxy.example/v1/chat/completions");
  });

  test("with a Microsoft Entra token, asked for at every call", async () => {
    const token = vi.fn<() => Promise<string>>().mockResolvedValue("entra");
    for (const endpoint of [resource, serverless]) {
      const { headers } = await chatSends("Phi-4", { endpoint, token });
      expect(headers).toMatchObject({ authorization: "Bearer entra" });
      expect(headers).not.toHaveProperty("api-key");
    }
    expect(token).toHaveBeenCalledTimes(2);
  });

  test("where the environment says, read at the call", async () => {
    vi.stubEnv("AZURE_INFERENCE_ENDPOINT", undefined);
    vi.stubEnv("AZURE_INFERENCE_CREDENTIAL", undefined);
    const { fetch, sent } = recorder(said("Hi"));
    const model = azureFoundry("Phi-4", { fetch });
    await expect(model.generate(hello)).rejects.toMatchObject({
      code: "invalid-request",
      message: expect.stringContaining("AZURE_INFERENCE_ENDPOINT") as unknown,
    });
    vi.stubEnv("AZURE_INFERENCE_ENDPOINT", `${resource}/models`);
    await expect(model.generate(hello)).rejects.toMatchObject({
      code: "auth",
      message: expect.stringContaining("AZURE_INFERENCE_CREDENTIAL") as unknown,
    });
    vi.stubEnv("AZURE_INFERENCE_CREDENTIAL", "late");
    await model.generate(hello);
    expect(sent).toMatchObject([{ url: `${resource}/openai/v1/chat/completions`, headers: { "api-key": "late" } }]);
  });

  test("for usage in a stream only where the API knows how to be asked", async () => {
    const request = { ...hello, stream: true };
    const v1 = await azureFoundry("Phi-4", { endpoint: resource }).plan(request);
    expect(v1.body).toMatchObject({ stream: true, stream_options: { include_usage: true } });
    const inference = await azureFoundry("Phi-4", { endpoint: resource, api: "inference" }).plan(request);
    expect(inference.body).toStrictEqual({ model: "Phi-4", ...hello, stream: true });
    expect(inference.headers).not.toHaveProperty("extra-parameters");
  });
});

test("an API that does not exist is refused by name", () => {
  const api = "v2" as unknown as "v1";
  expect(() => azureFoundry("Phi-4", { endpoint: resource, api })).toThrow("v1, inference, serverless; it is v2");
});

describe("what a model takes goes by its family", () => {
  const tools = [{ name: "look.up", input: { type: "object", properties: {} } }] as const;
  const output = { schema: { type: "object", properties: { a: { type: "string" } } } } as const;
  const full: ModelRequest = {
    ...hello,
    tools,
    temperature: 0.5,
    topP: 0.9,
    output,
    maxOutputTokens: 9,
    stop: ["END"],
  };

  test.each(["Llama-3.3-70B-Instruct", "Phi-4", "Codestral-2501"])(
    "%s takes no tools, and JSON only in words",
    async (id) => {
      const { body, warned } = await chatSends(id, { endpoint: resource }, full);
      expect(body).toMatchObject({ temperature: 0.5, max_tokens: 9, stop: ["END"] });
      expect(body).not.toHaveProperty("tools");
      expect(body).not.toHaveProperty("response_format");
      expect(warned).toStrictEqual(expect.arrayContaining(["tools", "output"]));
    },
  );

  test.each(["DeepSeek-R1-0528", "MAI-DS-R1", "Phi-4-mini-reasoning"])(
    "%s refuses sampling, and its thoughts are told apart from the answer",
    async (id) => {
      const { body, warned } = await chatSends(id, { endpoint: resource }, full);
      expect(Object.keys(body).toSorted()).toStrictEqual(["max_tokens", "messages", "model", "stop"]);
      expect(new Set(warned)).toStrictEqual(new Set(["output", "temperature", "tools", "topP"]));
      const { fetch } = recorder(said("<think>\nHm.\n</think>\n\nHi"));
      const { content } = await azureFoundry(id, { apiKey: "k", fetch, endpoint: resource }).generate(hello);
      expect(content).toMatchObject([
        { type: "reasoning", text: "\nHm.\n" },
        { type: "text", text: "Hi" },
      ]);
    },
  );

  test("Mistral wants ids of nine letters and digits, and words between results and a question", async () => {
    const history: ModelRequest = {
      messages: [
        { role: "user", content: "Where?" },
        { role: "assistant", content: [{ type: "tool-call", id: "toolu_01A", name: "look", input: {} }] },
        { role: "tool", content: [{ type: "tool-result", id: "toolu_01A", name: "look", output: "there" }] },
        { role: "user", content: "And now?" },
      ],
      temperature: 2,
    };
    const { body } = await chatSends("ours", { endpoint: resource, catalogId: "Mistral-Large-2411" }, history);
    const [, call, result, between] = body["messages"] as readonly JsonObject[];
    const [{ id }] = call!["tool_calls"] as [{ id: string }];
    expect(id).toMatch(/^[a-zA-Z0-9]{9}$/);
    expect(result).toMatchObject({ role: "tool", tool_call_id: id });
    expect(between).toMatchObject({ role: "assistant" });
    expect(body).toMatchObject({ temperature: 1.5 });
  });

  test("OpenAI's models keep OpenAI's rules, also with their publisher's name", async () => {
    for (const id of ["gpt-5-mini", "openai/gpt-5-mini"]) {
      const { body, warned } = await chatSends(id, { endpoint: resource }, full);
      expect(body).toMatchObject({ max_completion_tokens: 9, response_format: { type: "json_schema" } });
      expect(warned).toStrictEqual(expect.arrayContaining(["temperature", "topP", "stop"]));
    }
  });

  test("a model that is not known is asked as any server of the protocol", async () => {
    const { body, warned } = await chatSends("mine", { endpoint: resource }, full);
    expect(body).toMatchObject({ temperature: 0.5, top_p: 0.9, tools: [{}], response_format: { type: "json_schema" } });
    expect(warned).toStrictEqual(["tools[0].name"]);
  });
});

describe("embeddings", () => {
  async function sends(options: AzureFoundryOptions, request: EmbeddingRequest): Promise<Sent & { warned: unknown[] }> {
    const { fetch, sent } = recorder({
      data: [{ index: 0, embedding: [1, 2] }],
      model: "m",
      usage: { prompt_tokens: 3 },
    });
    const model = azureFoundryEmbedding("embed-v-4-0", { apiKey: "k", fetch, ...options });
    const { warnings, usage } = await model.embed(request);
    expect(usage).toMatchObject({ input: 3 });
    return { ...sent[0]!, warned: warnings.map(({ path }) => path) };
  }
  const asked: EmbeddingRequest = { values: ["a river"], dimensions: 256, purpose: "document" };

  test("are asked for through every API", async () => {
    const v1 = await sends({ endpoint: resource }, asked);
    expect(v1.url).toBe(`${resource}/openai/v1/embeddings`);
    expect(v1.body).toStrictEqual({ model: "embed-v-4-0", input: ["a river"], dimensions: 256 });
    expect(v1.warned).toStrictEqual(["purpose"]);
    const own = await sends({ endpoint: resource, api: "inference" }, asked);
    expect(own.url).toBe(`${resource}/models/embeddings?api-version=2024-05-01-preview`);
    expect(own.body).toMatchObject({ input_type: "document", dimensions: 256 });
    expect(own.headers).not.toHaveProperty("extra-parameters");
    const extra = { ...asked, providerOptions: { azure: { truncate: "END" } } };
    expect((await sends({ endpoint: resource, api: "inference" }, extra)).headers).toMatchObject({
      "extra-parameters": "pass-through",
    });
    const alone = await sends({ endpoint: serverless }, asked);
    expect(alone).toMatchObject({ url: `${serverless}/v1/embeddings`, headers: { authorization: "Bearer k" } });
  });
});

test("documents are ranked by Cohere's models, behind the resource or at an endpoint of their own", async () => {
  const { fetch, sent } = recorder({
    results: [{ index: 1, relevance_score: 0.9 }],
    meta: { billed_units: { search_units: 1 } },
  });
  const request = {
    query: "a river",
    documents: ["Everest", "the Nile"],
    limit: 1,
    providerOptions: { cohere: { priority: 1 } },
  };
  for (const [endpoint, url] of [
    [resource, `${resource}/providers/cohere/v2/rerank`],
    ["https://rank.eastus.models.ai.azure.com", "https://rank.eastus.models.ai.azure.com/v1/rerank"],
  ] as const) {
    const model = azureFoundryRerank("Cohere-rerank-v4.0-pro", { apiKey: "k", fetch, endpoint });
    const { ranking, usage } = await model.rerank(request);
    expect(ranking).toStrictEqual([{ index: 1, score: 0.9 }]);
    expect(usage).toStrictEqual({ serverTools: { search_units: 1 } });
    expect(sent.at(-1)).toMatchObject({
      url,
      body: {
        model: "Cohere-rerank-v4.0-pro",
        query: "a river",
        documents: ["Everest", "the Nile"],
        top_n: 1,
        priority: 1,
      },
    });
  }
});
