import type { Json } from "@plugboard/core";
import type { EmbeddingSample, ExpectedEmbeddings } from "@plugboard/testing";

// Written from Google's documentation of embeddings on the Gemini API and on Vertex AI, and of errors, as it stood in November 2026.

function sample(
  name: string,
  model: string,
  values: readonly string[],
  body: Json,
  expected: ExpectedEmbeddings,
  status = 200,
): EmbeddingSample {
  return {
    name,
    call: { model, values },
    status,
    headers: { "content-type": "application/json; charset=UTF-8" },
    body: new TextEncoder().encode(JSON.stringify(body, undefined, 2)),
    expected,
    exercises: [],
  };
}

const [one, two] = [["a river"], ["a river", "a mountain"]];
const [first, second] = [{ values: [1, -0.5, 0.25] }, { values: [0, 0.125, -2] }];
const vectors = { count: 2, dimensions: 3, first: [1, -0.5, 0.25] };
const broken: ExpectedEmbeddings = { error: { kind: "parse" } };

const exhausted: Json = {
  error: {
    code: 429,
    message: "You exceeded your current quota. Please retry in 34.07s.",
    status: "RESOURCE_EXHAUSTED",
    details: [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "34.07s" }],
  },
};
const limited: ExpectedEmbeddings = {
  error: { kind: "rate-limit", status: 429, retryable: true, retryAfterMs: 34_070 },
};

const gemini = "gemini-embedding-001";

export const geminiEmbeddingSamples: readonly EmbeddingSample[] = [
  sample(
    "embed-batch",
    gemini,
    two,
    { embeddings: [first, second], usageMetadata: { promptTokenCount: 5 } },
    {
      embeddings: vectors,
      usage: { inputTokens: 5 },
    },
  ),
  sample(
    "embed-one",
    gemini,
    one,
    { embedding: first },
    { embeddings: { count: 1, dimensions: 3, first: first.values } },
  ),
  sample("embed-batch-one-missing", gemini, two, { embeddings: [first] }, broken),
  sample("embed-batch-no-list", gemini, two, { embedding: first }, broken),
  sample("embed-one-no-vector", gemini, one, { embeddings: [first] }, broken),
  sample("embed-no-numbers", gemini, two, { embeddings: [first, { values: ["1"] }] }, broken),
  sample("embed-list", gemini, one, [first], broken),
  sample(
    "embed-error-with-200",
    gemini,
    one,
    { error: { code: 503, message: "The model is overloaded.", status: "UNAVAILABLE" } },
    { error: { kind: "overloaded" } },
  ),
  sample("embed-429", gemini, two, exhausted, limited, 429),
];

const vertex = "text-embedding-005";

function prediction(embeddings: Json, count?: number): Json {
  const statistics = count === undefined ? {} : { statistics: { token_count: count, truncated: false } };
  return { embeddings: { ...(embeddings as object), ...statistics } };
}

export const vertexEmbeddingSamples: readonly EmbeddingSample[] = [
  sample(
    "predict",
    vertex,
    two,
    { predictions: [prediction(first, 2), prediction(second, 3)], metadata: { billableCharacterCount: 15 } },
    { embeddings: vectors, usage: { inputTokens: 5 } },
  ),
  sample(
    "predict-uncounted",
    vertex,
    two,
    { predictions: [prediction(first, 2), prediction(second)] },
    {
      embeddings: vectors,
    },
  ),
  sample("predict-nothing", vertex, two, {}, broken),
  sample("predict-no-vector", vertex, two, { predictions: [prediction(first), {}] }, broken),
  sample("predict-429", vertex, two, exhausted, limited, 429),
];
