import { testEmbeddingProvider } from "@plugboard/testing/test-provider";
import { expect, test } from "vitest";
import { embedSamples } from "../test/embed-samples.ts";
import { listeningFetch } from "../test/listening-fetch.ts";
import { bedrock, bedrockEmbedding, bedrockRerank } from "./bedrock.ts";

const at = { region: "eu-central-1", apiKey: "a-key" } as const;

testEmbeddingProvider("bedrock", ({ fetch, model }) => bedrockEmbedding(model, { fetch, ...at }), embedSamples);

test("Titan is asked for one text at a time, and the vectors come back in order", async () => {
  const { fetch, sent } = listeningFetch((body) => {
    const { inputText } = body as { readonly inputText: string };
    return { embedding: [inputText.length], inputTextTokenCount: 2 };
  });
  const model = bedrockEmbedding("amazon.titan-embed-text-v2:0", { fetch, ...at });
  const { embeddings, usage, warnings } = await model.embed({ values: ["a", "bbb", "cc"], dimensions: 256 });
  expect(embeddings).toEqual([[1], [3], [2]]);
  expect(usage).toEqual({ input: 6 });
  expect(warnings).toEqual([]);
  expect(sent.map(({ body }) => body)).toEqual([
    { inputText: "a", dimensions: 256 },
    { inputText: "bbb", dimensions: 256 },
    { inputText: "cc", dimensions: 256 },
  ]);
  expect(sent[0]).toMatchObject({
    host: "bedrock-runtime.eu-central-1.amazonaws.com",
    path: "/model/amazon.titan-embed-text-v2%3A0/invoke",
  });
  expect(sent[0]!.headers.get("authorization")).toBe("Bearer a-key");
});

test("the first Titan shortens nothing, and no Titan is told what vectors are for", async () => {
  const { fetch, sent } = listeningFetch(() => ({ embedding: [1] }));
  const model = bedrockEmbedding("amazon.titan-embed-text-v1", { fetch, ...at });
  const providerOptions = { bedrock: { normalize: false }, other: { x: 1 } };
  const { warnings } = await model.embed({ values: ["a"], dimensions: 256, purpose: "query", providerOptions });
  expect(sent[0]!.body).toEqual({ inputText: "a", normalize: false });
  expect(warnings.map(({ code, path }) => [code, path])).toEqual([
    ["dropped", "dimensions"],
    ["dropped", "purpose"],
  ]);
});

test.each([
  [undefined, "GENERIC_INDEX"],
  ["document", "GENERIC_INDEX"],
  ["query", "TEXT_RETRIEVAL"],
  ["classification", "CLASSIFICATION"],
  ["clustering", "CLUSTERING"],
  ["similarity", "CLUSTERING"],
] as const)("Nova embeds for the purpose %s as %s", async (purpose, wanted) => {
  const { fetch, sent } = listeningFetch(() => ({ embeddings: [{ embeddingType: "TEXT", embedding: [1] }] }));
  const model = bedrockEmbedding("amazon.nova-2-multimodal-embeddings-v1:0", { fetch, ...at });
  const { warnings } = await model.embed({ values: ["a"], dimensions: 384, ...(purpose && { purpose }) });
  expect(sent[0]!.body).toEqual({
    taskType: "SINGLE_EMBEDDING",
    singleEmbeddingParams: {
      embeddingPurpose: wanted,
      embeddingDimension: 384,
      text: { truncationMode: "NONE", value: "a" },
    },
  });
  expect(warnings.map(({ path }) => path)).toEqual(purpose === "similarity" ? ["purpose"] : []);
});

test("Cohere's models take 96 texts, in Cohere's words; behind an ARN the catalogue's name tells whose it is", async () => {
  const { fetch, sent } = listeningFetch((body) => {
    const { texts } = body as { readonly texts: readonly string[] };
    return { embeddings: { float: texts.map((text) => [text.length]) } };
  });
  const arn = "arn:aws:bedrock:us-west-2:123456789012:application-inference-profile/abc";
  const model = bedrockEmbedding(arn, { fetch, apiKey: "a-key", catalogId: "cohere.embed-english-v3" });
  const values = Array.from({ length: 97 }, () => "a");
  const { embeddings, warnings } = await model.embed({ values, purpose: "query", dimensions: 256 });
  expect(embeddings).toHaveLength(97);
  expect(sent.map(({ body }) => (body as { readonly texts: readonly string[] }).texts.length)).toEqual([96, 1]);
  expect(sent[1]).toMatchObject({
    host: "bedrock-runtime.us-west-2.amazonaws.com",
    body: { texts: ["a"], input_type: "search_query", embedding_types: ["float"], truncate: "NONE" },
  });
  expect(warnings).toMatchObject([{ code: "dropped", path: "dimensions" }]);
});

test("a model whose body nobody knows is refused when it is made", () => {
  expect(() => bedrockEmbedding("acme.embed-1", at)).toThrow(/acme.embed-1 is no embedding model of Titan/);
  expect(() => bedrockEmbedding("arn:aws:bedrock:us-west-2:1:x/y", at)).toThrow(/catalogId/);
});

test("models of one name and other kinds are told apart", () => {
  const models = [bedrock, bedrockEmbedding, bedrockRerank].map((make) => make("cohere.embed-v4:0", at).fingerprint);
  expect(new Set(models).size).toBe(3);
});
