import type { EmbeddingInput } from "@plugboard/core";
import { recordedEmbeddings, validator } from "@plugboard/recordings";
import { testEmbeddingProvider } from "@plugboard/testing/test-provider";
import fc from "fast-check";
import { expect, test } from "vitest";
import { encodeEmbedding } from "../embeddings/encode.ts";
import { openaiEmbeddingSamples } from "../openai-embedding.samples.ts";
import { mistralEmbedding } from "./mistral-embedding.ts";

const schemas = await validator();
const { dialect } = mistralEmbedding;

testEmbeddingProvider(
  "mistral",
  ({ fetch, model }) => mistralEmbedding(model, { fetch, apiKey: "key" }),
  [...openaiEmbeddingSamples, ...recordedEmbeddings("mistral")],
  schemas ? { requestErrors: (body) => schemas.requestErrors("mistral", body, "embeddings") } : {},
);

test("Codestral Embed shortens its vectors and gives other numbers, under Mistral's names", () => {
  const input: EmbeddingInput = {
    values: ["let a = 1;"],
    dimensions: 512,
    providerOptions: { mistral: { output_dtype: "int8" } },
  };
  expect(encodeEmbedding(input, { dialect, model: "codestral-embed-2505" })).toEqual({
    body: { model: "codestral-embed-2505", input: ["let a = 1;"], output_dimension: 512, output_dtype: "int8" },
    warnings: [],
  });
});

test("Mistral Embed gives vectors of one length, and is not told what they are for", () => {
  const { body, warnings } = encodeEmbedding(
    { values: ["a"], dimensions: 512, purpose: "query" },
    { dialect, model: "mistral-embed" },
  );
  expect(body).toEqual({ model: "mistral-embed", input: ["a"] });
  expect(warnings.map(({ code, path }) => [code, path])).toEqual([
    ["dropped", "dimensions"],
    ["dropped", "purpose"],
  ]);
});

test("as many texts and tokens as Mistral takes go in one request, and the rest in others", async () => {
  const sent: [string, number][] = [];
  const fetch: typeof globalThis.fetch = async (url, init) => {
    const { input } = JSON.parse(init?.body as string) as { input: string[] };
    sent.push([url as string, input.length]);
    return Response.json({ data: input.map((text, index) => ({ index, embedding: [text.length] })), model: "m" });
  };
  const model = mistralEmbedding("mistral-embed", { fetch, apiKey: "key" });
  const long = "x".repeat(9000);
  const values = [...Array.from({ length: 600 }, () => "a"), long, long];
  const { embeddings } = await model.embed(values);
  expect(sent).toEqual([
    ["https://api.mistral.ai/v1/embeddings", 512],
    ["https://api.mistral.ai/v1/embeddings", 89],
    ["https://api.mistral.ai/v1/embeddings", 1],
  ]);
  expect(embeddings).toEqual(values.map((value) => [value.length]));
});

test.skipIf(!schemas)("writes what Mistral's schema allows (skipped where the schemas are not there)", () => {
  const input: fc.Arbitrary<EmbeddingInput> = fc.record(
    {
      values: fc.array(fc.string({ minLength: 1, maxLength: 9 }), { minLength: 1, maxLength: 9 }),
      dimensions: fc.integer({ min: 1, max: 4000 }),
      purpose: fc.constantFrom("query", "document", "similarity", "classification", "clustering"),
    },
    { requiredKeys: ["values"] },
  );
  fc.assert(
    fc.property(input, fc.constantFrom("mistral-embed", "codestral-embed"), (request, model) => {
      const { body } = encodeEmbedding(request, { dialect, model });
      expect(schemas!.requestErrors("mistral", body, "embeddings")).toEqual([]);
    }),
    { numRuns: 100 },
  );
});
