import { recordedEmbeddings, validator } from "@plugboard/recordings";
import { testEmbeddingProvider } from "@plugboard/testing/test-provider";
import type { EmbeddingModel, EmbeddingRequest, Json } from "@plugboard/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { azureEmbedding } from "./azure-embedding.ts";
import { compatibleEmbedding } from "./compatible/compatible-embedding.ts";
import { alibaba } from "./compatible/alibaba.ts";
import { nvidia } from "./compatible/nvidia.ts";
import { together } from "./compatible/together.ts";
import { decodeEmbedding } from "./embeddings/decode.ts";
import { encodeEmbedding } from "./embeddings/encode.ts";
import { openaiDialect } from "./openai-dialect.ts";
import { openaiEmbeddingSamples } from "./openai-embedding.samples.ts";
import { openaiEmbedding } from "./openai-embedding.ts";

const schemas = await validator();
const options = schemas && { requestErrors: (body: Json) => schemas.requestErrors("openai-embeddings", body) };
const endpoint = "https://resource.openai.azure.com";

testEmbeddingProvider(
  "openai",
  ({ fetch, model }) => openaiEmbedding(model, { fetch, apiKey: "key" }),
  [...openaiEmbeddingSamples, ...recordedEmbeddings("openai-chat")],
  options,
);
testEmbeddingProvider(
  "azure",
  ({ fetch, model }) => azureEmbedding(model, { fetch, apiKey: "key", endpoint }),
  [...openaiEmbeddingSamples, ...recordedEmbeddings("azure")],
  options,
);
testEmbeddingProvider(
  "a vendor of the protocol",
  ({ fetch, model }) => compatibleEmbedding(together.dialect)(model, { fetch, apiKey: "key" }),
  openaiEmbeddingSamples,
  options,
);

interface Sent {
  readonly url: string;
  readonly headers: Headers;
  readonly body: Record<string, Json>;
}

/** What a model sends, in order; each text gets a vector of its length. */
async function sentBy(
  make: (options: { readonly fetch: typeof fetch }) => EmbeddingModel,
  request: EmbeddingRequest | readonly string[] = ["a"],
): Promise<{ readonly sent: readonly Sent[]; readonly result: Awaited<ReturnType<EmbeddingModel["embed"]>> }> {
  const sent: Sent[] = [];
  const fetch: typeof globalThis.fetch = async (...parts) => {
    const asked = new Request(...parts);
    const body = (await asked.json()) as Record<string, Json> & { input: string[] };
    sent.push({ url: asked.url, headers: asked.headers, body });
    const data = body.input.map((text, index) => ({ index, embedding: [text.length] }));
    return Response.json({ data, model: "m", usage: { prompt_tokens: data.length } });
  };
  return { result: await make({ fetch }).embed(request), sent };
}

describe("what is sent", () => {
  test("to OpenAI asks for base64, with the account in the headers", async () => {
    const { sent } = await sentBy((parts) =>
      openaiEmbedding("text-embedding-3-large", { ...parts, apiKey: "k", organization: "org-1" }),
    );
    expect(sent).toMatchObject([
      {
        url: "https://api.openai.com/v1/embeddings",
        body: { model: "text-embedding-3-large", input: ["a"], encoding_format: "base64" },
      },
    ]);
    expect(Object.fromEntries(sent[0]!.headers)).toMatchObject({
      authorization: "Bearer k",
      "openai-organization": "org-1",
    });
  });

  test("to Azure goes to the deployment, by the v1 API or by a version", async () => {
    const v1 = await sentBy((parts) => azureEmbedding("mine", { ...parts, endpoint, apiKey: "k" }));
    expect(v1.sent).toMatchObject([{ url: `${endpoint}/openai/v1/embeddings`, body: { model: "mine", input: ["a"] } }]);
    expect(v1.sent[0]!.body).not.toHaveProperty("encoding_format");
    expect(v1.sent[0]!.headers.get("api-key")).toBe("k");
    const dated = await sentBy((parts) =>
      azureEmbedding("my own", { ...parts, endpoint, apiVersion: "2024-10-21", token: () => "entra" }),
    );
    expect(dated.sent[0]!.url).toBe(`${endpoint}/openai/deployments/my%20own/embeddings?api-version=2024-10-21`);
    expect(dated.sent[0]!.headers.get("authorization")).toBe("Bearer entra");
  });

  test("leaves out what a model does not take, and says so", async () => {
    const { sent, result } = await sentBy(
      (parts) => openaiEmbedding("text-embedding-ada-002", { ...parts, apiKey: "k" }),
      { values: ["a"], dimensions: 256, purpose: "query" },
    );
    expect(sent[0]!.body).toStrictEqual({ model: "text-embedding-ada-002", input: ["a"], encoding_format: "base64" });
    expect(result.warnings).toMatchObject([
      { code: "dropped", path: "dimensions" },
      { code: "dropped", path: "purpose" },
    ]);
  });

  test("looks up what a deployment takes by its catalogue name", async () => {
    const { sent } = await sentBy(
      (parts) => azureEmbedding("mine", { ...parts, endpoint, apiKey: "k", catalogId: "text-embedding-ada-002" }),
      { values: ["a"], dimensions: 256 },
    );
    expect(sent[0]!.body).toStrictEqual({ model: "mine", input: ["a"] });
  });

  test("has the dimensions, the purpose in the vendor's words, and the options of the caller last", async () => {
    const make = compatibleEmbedding(nvidia.dialect);
    const { sent, result } = await sentBy((parts) => make("nv-embed", { ...parts, apiKey: "k" }), {
      values: ["a"],
      dimensions: 8,
      purpose: "document",
      providerOptions: { nvidia: { truncate: "END", dimensions: 4 }, openai: { user: "ada" } },
    });
    expect(sent[0]!.body).toStrictEqual({
      model: "nv-embed",
      input: ["a"],
      dimensions: 4,
      input_type: "passage",
      truncate: "END",
    });
    expect(result.warnings).toEqual([]);
  });

  test("is valid by the provider's schema, whatever is asked", { skip: !schemas }, () => {
    const request = fc.record(
      {
        values: fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 20 }),
        dimensions: fc.integer({ min: 1, max: 4096 }),
        purpose: fc.constantFrom("query", "document", "similarity", "classification", "clustering"),
        providerOptions: fc.constant({ openai: { user: "ada" } }),
      },
      { requiredKeys: ["values"] },
    );
    const model = fc.constantFrom("text-embedding-ada-002", "text-embedding-3-small", "text-embedding-4");
    fc.assert(
      fc.property(request, model, (request, model) => {
        const { body, warnings } = encodeEmbedding(request, { dialect: openaiDialect, model });
        expect(schemas!.requestErrors("openai-embeddings", body)).toStrictEqual([]);
        const told = new Set([...Object.keys(body), ...warnings.map(({ path }) => path)]);
        for (const field of ["dimensions", "purpose"] as const) {
          expect(told.has(field)).toBe(request[field] !== undefined);
        }
      }),
    );
  });
});

describe("more than goes in one request", () => {
  test("goes in several: 2,048 texts at OpenAI, 96 for a model of Cohere's, 10 at Alibaba", async () => {
    const values = Array.from({ length: 2050 }, (_, place) => "x".repeat(1 + (place % 7)));
    const sizes = async (make: Parameters<typeof sentBy>[0], count: number): Promise<number[]> => {
      const { sent, result } = await sentBy(make, values.slice(0, count));
      expect(result.embeddings).toEqual(values.slice(0, count).map(({ length }) => [length]));
      expect(result.usage).toEqual({ input: count });
      return sent.map(({ body }) => (body["input"] as string[]).length);
    };
    expect(await sizes((parts) => openaiEmbedding("e", { ...parts, apiKey: "k" }), 2050)).toEqual([2048, 2]);
    const cohere = { endpoint, apiKey: "k" };
    expect(await sizes((parts) => azureEmbedding("Cohere-embed-v3", { ...parts, ...cohere }), 100)).toEqual([96, 4]);
    const qwen = compatibleEmbedding(alibaba.dialect);
    expect(await sizes((parts) => qwen("text-embedding-v4", { ...parts, apiKey: "k" }), 21)).toEqual([10, 10, 1]);
  });

  test("counts bytes too: texts that may be more than 300,000 tokens do not go together", async () => {
    const long = "ö".repeat(70_000);
    const { sent } = await sentBy((parts) => openaiEmbedding("e", { ...parts, apiKey: "k" }), [long, long, long]);
    expect(sent.map(({ body }) => (body["input"] as string[]).length)).toEqual([2, 1]);
  });
});

test("is known by provider, id, place and mapping", () => {
  const { fingerprint } = openaiEmbedding("e");
  expect(fingerprint).toBe("openai:e@https://api.openai.com/v1#embeddings/1");
  expect(openaiEmbedding("e", { baseURL: "https://proxy.example/v1" }).fingerprint).not.toBe(fingerprint);
});

test("names a key that is missing, and sends nothing", async () => {
  const fetch = (): Promise<Response> => Promise.reject(new Error("sent"));
  const model = compatibleEmbedding({ provider: "acme", baseURL: "https://acme.example", keyVariable: "ACME_KEY" });
  await expect(model("e", { fetch }).embed(["a"])).rejects.toMatchObject({
    code: "auth",
    message: expect.stringContaining("ACME_KEY"),
  });
});

test.each<[string, Json]>([
  ["it is not an object", "no"],
  ["`data[0]` is not an object", { data: [7] }],
  ["`data[0].embedding` is neither", { data: [{ embedding: { a: 1 } }] }],
  ["`data[0].embedding` is neither", { data: [{ embedding: [1, "2"] }] }],
])("an answer without vectors says why: %s", (why, body) => {
  expect(() => decodeEmbedding(body, { provider: "acme", model: "m" }, {})).toThrow(why);
});

test("an answer without usage has none", () => {
  const body = { data: [{ embedding: [1] }], model: "" };
  expect(decodeEmbedding(body, { provider: "acme", model: "m" }, {})).toMatchObject({ model: "m", usage: {} });
});
