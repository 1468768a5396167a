import { readFileSync } from "node:fs";
import { recordedEmbeddings, sharedHas, sharedPath, validator } from "@plugboard/recordings";
import { testEmbeddingProvider } from "@plugboard/testing/test-provider";
import type { EmbeddingModel, EmbeddingPurpose, EmbeddingRequest, EmbeddingResult, Json } from "@plugboard/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { geminiEmbeddingSamples, vertexEmbeddingSamples } from "../test/embedding-samples.ts";
import { decodeEmbedding } from "./embeddings/decode.ts";
import { geminiEmbeddings, rulesOf } from "./embeddings/dialect.ts";
import { encodeEmbedding } from "./embeddings/encode.ts";
import { googleEmbedding } from "./google-embedding.ts";
import { vertexEmbedding } from "./vertex-embedding.ts";

const schemas = await validator();
const place = { project: "my-project", location: "europe-west4", token: "a-token" };
const vertexBase =
  "https://europe-west4-aiplatform.googleapis.com/v1/projects/my-project/locations/europe-west4/publishers/google/models";

/** What does not fit the schema of the method that the URL names. */
function requestErrors(body: Json, url: string): readonly unknown[] {
  return schemas!.requestErrors("gemini", body, url.slice(url.lastIndexOf(":") + 1));
}

// Two recordings are answers to a batch of one text. One text is asked for by `:embedContent` here, where an answer with `embeddings`
// is none: that is what their results say, too. They are read for what they are below.
testEmbeddingProvider(
  "google",
  ({ fetch, model }) => googleEmbedding(model, { fetch, apiKey: "a-key" }),
  [...geminiEmbeddingSamples, ...recordedEmbeddings("google")],
  { ...(schemas && { requestErrors }) },
);
testEmbeddingProvider(
  "vertex",
  ({ fetch, model }) => vertexEmbedding(model, { fetch, ...place }),
  vertexEmbeddingSamples,
);

const recorded = ["embeddings-01", "embeddings-03"].filter(() => sharedHas("fixtures", "google"));

test.skipIf(recorded.length === 0)(
  "reads recorded answers to a batch (skipped where the recordings are not there)",
  () => {
    const [first, second] = recorded.map((name): EmbeddingResult => {
      const body = JSON.parse(readFileSync(sharedPath("fixtures", "google", name, "response.json"), "utf8")) as Json;
      expect(schemas!.responseErrors("gemini", body, "batchEmbedContents")).toEqual([]);
      return decodeEmbedding(body, { provider: "google", model: "m", method: "batchEmbedContents" }, {});
    });
    expect(first!.embeddings.map(({ length }) => length)).toEqual([3072]);
    expect(first!.embeddings[0]!.slice(0, 2)).toEqual([-0.013431838, -0.004749459]);
    expect(first!.usage).toEqual({ input: 7 });
    expect(second!.embeddings.map(({ length }) => length)).toEqual([768]);
    expect(second!.usage).toEqual({});
  },
);

interface Sent {
  readonly url: string;
  readonly headers: Headers;
  readonly body: Record<string, Json>;
}

/** What a model sends, in order; each text gets a vector of its length, in the words of the method. */
async function sentBy(
  make: (options: { readonly fetch: typeof fetch }) => EmbeddingModel,
  request: EmbeddingRequest | readonly string[],
): Promise<{ readonly sent: readonly Sent[]; readonly result: EmbeddingResult }> {
  const sent: Sent[] = [];
  const fetch: typeof globalThis.fetch = async (...parts) => {
    const asked = new Request(...parts);
    const body = (await asked.json()) as Sent["body"];
    sent.push({ url: asked.url, headers: asked.headers, body });
    return Response.json(answerTo(body));
  };
  return { result: await make({ fetch }).embed(request), sent };
}

interface Content {
  readonly parts: readonly { readonly text: string }[];
}

function answerTo({ requests, instances, content }: Sent["body"]): object {
  const vectorOf = (text: string): object => ({ values: [text.length] });
  const vectorIn = (each: Content): object => vectorOf(each.parts[0]!.text);
  if (requests !== undefined) {
    const list = requests as unknown as readonly { readonly content: Content }[];
    return { embeddings: list.map((each) => vectorIn(each.content)), usageMetadata: { promptTokenCount: list.length } };
  }
  if (instances !== undefined) {
    const list = instances as unknown as readonly { readonly content: string }[];
    const statistics = { token_count: 1, truncated: false };
    return { predictions: list.map((each) => ({ embeddings: { ...vectorOf(each.content), statistics } })) };
  }
  return { embedding: vectorIn(content as unknown as Content), usageMetadata: { promptTokenCount: 1 } };
}

const gemini =
  (id: string) =>
  (parts: { readonly fetch: typeof fetch }): EmbeddingModel =>
    googleEmbedding(id, { ...parts, apiKey: "a-key" });
const vertex =
  (id: string) =>
  (parts: { readonly fetch: typeof fetch }): EmbeddingModel =>
    vertexEmbedding(id, { ...parts, ...place });

describe("the Gemini API", () => {
  const base = "https://generativelanguage.googleapis.com/v1beta/models/gemini-embedding-001";

  test("is asked for one text by itself and for several together, with task type and dimensions", async () => {
    const request = { values: ["a", "bcd"], dimensions: 768, purpose: "query" } as const;
    const several = await sentBy(gemini("gemini-embedding-001"), request);
    const one = await sentBy(gemini("gemini-embedding-001"), { ...request, values: ["a"] });
    const written = (text: string): object => ({
      model: "models/gemini-embedding-001",
      content: { parts: [{ text }] },
      taskType: "RETRIEVAL_QUERY",
      outputDimensionality: 768,
    });
    expect(several.sent).toMatchObject([
      { url: `${base}:batchEmbedContents`, body: { requests: [written("a"), written("bcd")] } },
    ]);
    expect(several.sent[0]!.headers.get("x-goog-api-key")).toBe("a-key");
    expect(several.result).toMatchObject({
      model: "gemini-embedding-001",
      embeddings: [[1], [3]],
      usage: { input: 2 },
    });
    expect(one.sent).toMatchObject([{ url: `${base}:embedContent`, body: written("a") }]);
    expect(one.result).toMatchObject({ embeddings: [[1]], usage: { input: 1 } });
  });

  test("is told the purpose in words by the second generation", async () => {
    const texts: Record<EmbeddingPurpose, string> = {
      query: "task: search result | query: x",
      document: "title: none | text: x",
      similarity: "task: sentence similarity | query: x",
      classification: "task: classification | query: x",
      clustering: "task: clustering | query: x",
    };
    for (const [purpose, text] of Object.entries(texts)) {
      const { sent } = await sentBy(gemini("gemini-embedding-2"), {
        values: ["x"],
        purpose: purpose as EmbeddingPurpose,
      });
      expect(sent[0]!.body).toEqual({ model: "models/gemini-embedding-2", content: { parts: [{ text }] } });
    }
  });

  test("takes what the application wrote for Google with each text, and ids that are paths", async () => {
    const providerOptions = { google: { title: "Rivers", outputDimensionality: 4 }, openai: { user: "u" } };
    const { sent } = await sentBy(gemini("tunedModels/mine"), { values: ["a", "b"], dimensions: 8, providerOptions });
    expect(sent[0]!.url).toBe("https://generativelanguage.googleapis.com/v1beta/tunedModels/mine:batchEmbedContents");
    const written = { model: "tunedModels/mine", title: "Rivers", outputDimensionality: 4 };
    expect(sent[0]!.body["requests"]).toMatchObject([written, written]);
  });

  test("is given a hundred texts at once, and all vectors in order", async () => {
    const values = Array.from({ length: 201 }, (_, place) => "x".repeat(1 + (place % 7)));
    const { sent, result } = await sentBy(gemini("gemini-embedding-001"), values);
    const sizes = sent.map(({ body }) => (body["requests"] as unknown[] | undefined)?.length ?? 1);
    expect(sizes.toSorted((a, b) => a - b)).toEqual([1, 100, 100]);
    expect(result.embeddings).toEqual(values.map(({ length }) => [length]));
    expect(result.usage).toEqual({ input: 201 });
  });

  test("is asked as its schema allows, whatever is embedded", { skip: !schemas }, () => {
    const request = fc.record(
      {
        values: fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 5 }),
        dimensions: fc.integer({ min: 1, max: 4096 }),
        purpose: fc.constantFrom("query", "document", "similarity", "classification", "clustering"),
      },
      { requiredKeys: ["values"] },
    );
    const model = fc.constantFrom("gemini-embedding-001", "gemini-embedding-2", "models/text-embedding-004");
    fc.assert(
      fc.property(request, model, (request, id) => {
        const { body, method } = encodeEmbedding(request, rulesOf(geminiEmbeddings, id), id);
        expect(schemas!.requestErrors("gemini", body, method)).toEqual([]);
      }),
    );
  });
});

describe("Vertex AI", () => {
  test("predicts, with its settings apart, and cuts no text in silence", async () => {
    const { sent, result } = await sentBy(vertex("text-embedding-005"), {
      values: ["a", "bcd"],
      dimensions: 256,
      purpose: "clustering",
    });
    expect(sent).toMatchObject([{ url: `${vertexBase}/text-embedding-005:predict` }]);
    expect(sent[0]!.body).toEqual({
      instances: [
        { content: "a", task_type: "CLUSTERING" },
        { content: "bcd", task_type: "CLUSTERING" },
      ],
      parameters: { autoTruncate: false, outputDimensionality: 256 },
    });
    expect(sent[0]!.headers.get("authorization")).toBe("Bearer a-token");
    expect(result).toMatchObject({ embeddings: [[1], [3]], usage: { input: 2 } });
  });

  test("is given as many texts as each model takes: 250, as few as their bytes are tokens, or one", async () => {
    const sizes = async (id: string, values: readonly string[]): Promise<number[]> => {
      const { sent } = await sentBy(vertex(id), values);
      return sent.map(({ body }) => (body["instances"] as unknown[] | undefined)?.length ?? 1);
    };
    const short = Array.from({ length: 251 }, () => "x");
    expect(await sizes("text-embedding-005", short)).toEqual([250, 1]);
    expect(await sizes("text-embedding-005", ["ö".repeat(5001), "ö".repeat(5000), "x"])).toEqual([1, 2]);
    expect(await sizes("gemini-embedding-001", ["a", "b"])).toEqual([1, 1]);
    expect(await sizes("gemini-embedding-2", ["a", "b"])).toEqual([1, 1]);
  });

  test("is asked for newer models by a method of theirs", async () => {
    const providerOptions = { google: { embedContentConfig: { autoTruncate: true } } };
    const request = { values: ["x"], dimensions: 8, purpose: "document", providerOptions } as const;
    const { sent, result } = await sentBy(vertex("gemini-embedding-2"), request);
    expect(sent).toMatchObject([{ url: `${vertexBase}/gemini-embedding-2:embedContent` }]);
    expect(sent[0]!.body).toEqual({
      content: { parts: [{ text: "title: none | text: x" }] },
      embedContentConfig: { autoTruncate: true, outputDimensionality: 8 },
    });
    expect(result).toMatchObject({ embeddings: [[21]], usage: { input: 1 } });
    const other = await sentBy(vertex("gemini-embedding-exp"), { ...request, providerOptions: {} });
    expect(other.sent[0]!.body).toMatchObject({
      content: { parts: [{ text: "x" }] },
      embedContentConfig: { autoTruncate: false, taskType: "RETRIEVAL_DOCUMENT" },
    });
  });
});

test("is known by provider, id, place and mapping, and is not taken for the chat model of the name", () => {
  const { fingerprint } = googleEmbedding("e");
  expect(fingerprint).toBe("google:e@https://generativelanguage.googleapis.com/v1beta/models/e#embeddings/1");
  expect(vertexEmbedding("e", place).fingerprint).not.toBe(fingerprint);
});
