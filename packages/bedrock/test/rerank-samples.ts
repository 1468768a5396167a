import type { ExpectedRanking, RerankSample } from "@plugboard/testing";

// Written from the reference of InvokeModel and Cohere's guide to Bedrock, as they stood in November 2026.

function sample(name: string, body: unknown, expected: ExpectedRanking, status = 200): RerankSample {
  return {
    name,
    call: { model: "cohere.rerank-v3-5:0", query: "a river", documents: ["Everest", "the Nile"], limit: 2 },
    status,
    headers: { "content-type": "application/json", "x-amzn-bedrock-input-token-count": "9" },
    body: new TextEncoder().encode(JSON.stringify(body)),
    expected,
    exercises: [],
  };
}

const results = [
  { index: 1, relevance_score: 0.98 },
  { index: 0, relevance_score: 0.02 },
];

export const rerankSamples: readonly RerankSample[] = [
  sample(
    "a ranking",
    { results },
    {
      ranking: [
        { index: 1, score: 0.98 },
        { index: 0, score: 0.02 },
      ],
      usage: { inputTokens: 9 },
    },
  ),
  sample("no results", { message: "?" }, { error: { kind: "parse" } }),
  sample("no object", null, { error: { kind: "parse" } }),
  sample(
    "a model that may not be used",
    { message: "You don't have access to the model with the specified model ID." },
    { error: { kind: "permission", status: 403, retryable: false } },
    403,
  ),
];
