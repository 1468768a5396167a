import type { EmbeddingInput, EmbeddingRequest } from "@plugboard/core";
import { recordedEmbeddings, validator } from "@plugboard/recordings";
import { testEmbeddingProvider } from "@plugboard/testing/test-provider";
import fc from "fast-check";
import { expect, test } from "vitest";
import { embedSamples } from "../test/embed-samples.ts";
import { cohere, cohereEmbedding, cohereRerank } from "./cohere.ts";
import { encodeEmbed } from "./embed/encode.ts";

const schemas = await validator();

testEmbeddingProvider(
  "cohere",
  ({ fetch, model }) => cohereEmbedding(model, { fetch, apiKey: "a-key" }),
  [...embedSamples, ...recordedEmbeddings("cohere")],
  schemas ? { requestErrors: (body) => schemas.requestErrors("cohere", body, "embed") } : {},
);

interface SentTexts {
  readonly url: string;
  readonly key: string | null;
  readonly body: { readonly texts: readonly string[] };
}

/** What is sent for a request, and the answer: each text gets a vector of its length. */
async function embedded(
  request: EmbeddingRequest,
  model = "embed-v4.0",
): Promise<{ sent: readonly SentTexts[]; result: Awaited<ReturnType<ReturnType<typeof cohereEmbedding>["embed"]>> }> {
  const sent: SentTexts[] = [];
  const fetch: typeof globalThis.fetch = async (...parts) => {
    const asked = new Request(...parts);
    const body = (await asked.json()) as SentTexts["body"];
    sent.push({ url: asked.url, key: asked.headers.get("authorization"), body });
    const float = body.texts.map((text) => [text.length]);
    return Response.json({ id: "1", embeddings: { float }, meta: { billed_units: { input_tokens: float.length } } });
  };
  return { result: await cohereEmbedding(model, { fetch, apiKey: "a-key" }).embed(request), sent };
}

test("goes to Embed of version 2 with the key, and says what the vectors are for", async () => {
  const { sent, result } = await embedded({ values: ["a", "bb"], purpose: "query", dimensions: 256 });
  expect(sent).toEqual([
    {
      url: "https://api.cohere.com/v2/embed",
      key: "Bearer a-key",
      body: {
        model: "embed-v4.0",
        texts: ["a", "bb"],
        input_type: "search_query",
        embedding_types: ["float"],
        truncate: "NONE",
        output_dimension: 256,
      },
    },
  ]);
  expect(result).toMatchObject({ model: "embed-v4.0", embeddings: [[1], [2]], usage: { input: 2 }, warnings: [] });
});

test("more than 96 texts go in batches, and come back in order", async () => {
  const values = Array.from({ length: 200 }, (_, place) => "x".repeat(place + 1));
  const { sent, result } = await embedded({ values });
  expect(sent.map(({ body }) => body.texts.length)).toEqual([96, 96, 8]);
  expect(result.embeddings).toEqual(values.map((value) => [value.length]));
  expect(result.usage).toEqual({ input: 200 });
  expect(result.attempts).toHaveLength(3);
});

test("the options of the caller have the last word, and what cannot be had is told", async () => {
  const { sent, result } = await embedded(
    { values: ["a"], dimensions: 256, purpose: "similarity", providerOptions: { cohere: { truncate: "END" } } },
    "embed-english-v3.0",
  );
  expect(sent[0]!.body).toMatchObject({ truncate: "END", input_type: "clustering" });
  expect(sent[0]!.body).not.toHaveProperty("output_dimension");
  expect(result.warnings.map(({ code, path }) => [code, path])).toEqual([
    ["adapted", "purpose"],
    ["dropped", "dimensions"],
  ]);
});

test("models of one name and other kinds are told apart", () => {
  const models = [cohere, cohereEmbedding, cohereRerank].map((make) => make("m", { apiKey: "a-key" }).fingerprint);
  expect(new Set(models).size).toBe(3);
});

const input: fc.Arbitrary<EmbeddingInput> = fc.record(
  {
    values: fc.array(fc.string({ minLength: 1, maxLength: 9 }), { minLength: 1, maxLength: 96 }),
    dimensions: fc.integer({ min: 1, max: 4000 }),
    purpose: fc.constantFrom("query", "document", "similarity", "classification", "clustering"),
  },
  { requiredKeys: ["values"] },
);

test.skipIf(!schemas)("writes what Cohere's schema allows (skipped where the schemas are not there)", () => {
  fc.assert(
    fc.property(input, fc.constantFrom("embed-v4.0", "embed-multilingual-v3.0", "tuned"), (request, model) => {
      expect(schemas!.requestErrors("cohere", encodeEmbed(model, request).body, "embed")).toEqual([]);
    }),
    { numRuns: 200 },
  );
});
