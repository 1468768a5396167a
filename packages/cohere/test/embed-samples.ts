import type { EmbeddingSample, ExpectedEmbeddings } from "@plugboard/testing";

// Written from Cohere's documentation of the Embed API (version 2) and of its errors, as it stood in November 2026.

function sample(name: string, body: unknown, expected: ExpectedEmbeddings, status = 200): EmbeddingSample {
  return {
    name,
    call: { model: "embed-v4.0", values: ["hello", "goodbye"] },
    status,
    headers: { "content-type": "application/json" },
    body: new TextEncoder().encode(JSON.stringify(body)),
    expected,
    exercises: [],
  };
}

const first = [0.016296387, -0.008354187, -0.04699707];
const float = [first, [0.025, 0.5, 1]];
const expected = { embeddings: { count: 2, dimensions: 3, first } };
const id = "da6e531f-54c5-4a73-bf92-f60566d8d753";

export const embedSamples: readonly EmbeddingSample[] = [
  sample(
    "vectors under their type",
    {
      id,
      embeddings: { float },
      texts: ["hello", "goodbye"],
      response_type: "embeddings_by_type",
      meta: { api_version: { version: "2" }, billed_units: { input_tokens: 2 } },
    },
    { ...expected, usage: { inputTokens: 2 } },
  ),
  sample(
    "the tokens that were read, beside those that are billed",
    { id, embeddings: { float }, meta: { billed_units: { input_tokens: 2 }, tokens: { input_tokens: 8 } } },
    { ...expected, usage: { inputTokens: 8 } },
  ),
  sample("vectors without a type, and without counts", { id, embeddings: float }, expected),
  sample("a vector too few", { id, embeddings: { float: [first] } }, { error: { kind: "parse" } }),
  sample("vectors as text", { id, embeddings: { base64: ["AAAA", "AAAA"] } }, { error: { kind: "parse" } }),
  sample("no vectors", { id }, { error: { kind: "parse" } }),
  sample("no object", [], { error: { kind: "parse" } }),
  sample(
    "a text that is too long",
    { message: "invalid request: too many tokens: max tokens per document is 128000" },
    { error: { kind: ["context-length", "invalid-request"], status: 400, retryable: false } },
    400,
  ),
  sample(
    "a model that there is not",
    { id, message: "model 'nope' not found, make sure the correct model ID was used" },
    { error: { kind: "not-found", status: 404 } },
    404,
  ),
];
