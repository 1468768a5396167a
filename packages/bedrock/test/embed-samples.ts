import type { EmbeddingSample, ExpectedEmbeddings } from "@plugboard/testing";

// Written from the user guides of Bedrock and Nova and the reference of InvokeModel, as they stood in November 2026.

interface Answer {
  readonly name: string;
  readonly body: unknown;
  readonly expected: ExpectedEmbeddings;
  readonly headers?: Readonly<Record<string, string>>;
  readonly status?: number;
  readonly values?: readonly string[];
}

function sample(
  model: string,
  { name, body, expected, headers = {}, status = 200, values = ["a river"] }: Answer,
): EmbeddingSample {
  return {
    name: `${model}: ${name}`,
    call: { model, values },
    status,
    headers: { "content-type": "application/json", ...headers },
    body: new TextEncoder().encode(JSON.stringify(body)),
    expected,
    exercises: [],
  };
}

const vector = [0.0519, -0.0083, 0.5];
const one = { count: 1, dimensions: 3, first: vector };
const none = { error: { kind: "parse" } };
const counted = { "x-amzn-bedrock-input-token-count": "5" };
const invalid = { message: "Malformed input request: #: required key [inputText] not found" };

export const embedSamples: readonly EmbeddingSample[] = [
  sample("amazon.titan-embed-text-v2:0", {
    name: "a vector and its tokens",
    body: { embedding: vector, embeddingsByType: { float: vector }, inputTextTokenCount: 3 },
    headers: counted,
    expected: { embeddings: one, usage: { inputTokens: 3 } },
  }),
  sample("amazon.titan-embed-text-v2:0", { name: "no vector", body: { inputTextTokenCount: 3 }, expected: none }),
  sample("amazon.titan-embed-text-v2:0", { name: "no object", body: [vector], expected: none }),
  sample("amazon.titan-embed-text-v2:0", {
    name: "an error",
    body: invalid,
    headers: { "x-amzn-errortype": "ValidationException:http://internal.amazon.com/" },
    status: 400,
    expected: { error: { kind: "invalid-request", status: 400, retryable: false } },
  }),
  sample("amazon.titan-embed-text-v2:0", {
    name: "too many requests",
    body: { message: "Too many requests, please wait before trying again." },
    headers: { "x-amzn-errortype": "ThrottlingException" },
    status: 429,
    expected: { error: { kind: "rate-limit", status: 429, retryable: true } },
  }),
  sample("amazon.nova-2-multimodal-embeddings-v1:0", {
    name: "a vector, with its tokens in a header",
    body: { embeddings: [{ embeddingType: "TEXT", embedding: vector }] },
    headers: counted,
    expected: { embeddings: one, usage: { inputTokens: 5 } },
  }),
  sample("amazon.nova-2-multimodal-embeddings-v1:0", { name: "no vector", body: { embeddings: [] }, expected: none }),
  sample("cohere.embed-v4:0", {
    name: "two vectors under their type",
    values: ["a river", "a mountain"],
    body: { id: "1", embeddings: { float: [vector, vector] }, response_type: "embeddings_by_type" },
    headers: counted,
    expected: { embeddings: { ...one, count: 2 }, usage: { inputTokens: 5 } },
  }),
  sample("cohere.embed-english-v3", {
    name: "vectors without a type, and a header that is no number",
    body: { id: "1", embeddings: [vector], response_type: "embeddings_floats" },
    headers: { "x-amzn-bedrock-input-token-count": "many" },
    expected: { embeddings: one },
  }),
  sample("cohere.embed-english-v3", { name: "no vectors", body: { id: "1", texts: ["a river"] }, expected: none }),
];
