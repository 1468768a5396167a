import type { ExpectedRanking, RerankSample } from "@plugboard/testing";

// Written from Cohere's documentation of the Rerank API (version 2) and of its errors, as it stood in November 2026.

function sample(name: string, body: unknown, expected: ExpectedRanking, status = 200): RerankSample {
  return {
    name,
    call: {
      model: "rerank-v3.5",
      query: "What is the capital of the United States?",
      documents: ["Carson City is the capital of Nevada.", "Washington, D.C. is the capital.", "Capital letters."],
      limit: 2,
    },
    status,
    headers: { "content-type": "application/json" },
    body: new TextEncoder().encode(JSON.stringify(body)),
    expected,
    exercises: [],
  };
}

const results = [
  { index: 1, relevance_score: 0.999071 },
  { index: 0, relevance_score: 0.32713068 },
];
const ranking = [
  { index: 1, score: 0.999071 },
  { index: 0, score: 0.32713068 },
];
const id = "07734bd2-2473-4f07-94e1-0d9f0e6843cf";

export const rerankSamples: readonly RerankSample[] = [
  sample(
    "a ranking",
    { results, id, meta: { api_version: { version: "2" }, billed_units: { search_units: 1 } } },
    { ranking },
  ),
  sample(
    "a ranking with the documents in it, and tokens",
    {
      results: results.map(({ index, relevance_score }) => ({ index, document: { text: "…" }, relevance_score })),
      meta: { tokens: { input_tokens: 51 } },
    },
    { ranking, usage: { inputTokens: 51 } },
  ),
  sample("no document that fits", { results: [], id }, { ranking: [] }),
  sample(
    "a document that there is not",
    { results: [{ index: 3, relevance_score: 0.5 }], id },
    { error: { kind: "parse" } },
  ),
  sample("no score", { results: [{ index: 0 }], id }, { error: { kind: "parse" } }),
  sample("no results", { id }, { error: { kind: "parse" } }),
  sample("no object", null, { error: { kind: "parse" } }),
  sample(
    "too many calls",
    { message: "You are using a Trial key, which is limited to 10 API calls / minute." },
    { error: { kind: "rate-limit", status: 429, retryable: true } },
    429,
  ),
];
