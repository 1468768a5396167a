import type { Json, RerankModel, RerankRequest, RerankResult } from "@plugboard/core";
import { validator } from "@plugboard/recordings";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compatibleRerank } from "../compatible/compatible-rerank.ts";
import { jinaRerank } from "../compatible/jina-rerank.ts";
import { llamaCpp } from "../compatible/llama-cpp.ts";
import { sglang } from "../compatible/sglang.ts";
import { textEmbeddingsInferenceRerank } from "../compatible/text-embeddings-inference-rerank.ts";
import { together } from "../compatible/together.ts";
import { voyageRerank } from "../compatible/voyage-rerank.ts";
import { vllm } from "../compatible/vllm.ts";
import { decodeRerank } from "./decode.ts";
import { encodeRerank } from "./encode.ts";

const schemas = await validator();
const rivers = { query: "a river", documents: ["Everest", "the Nile", "the Alps"] };
const results = [
  { index: 1, relevance_score: 0.9 },
  { index: 2, relevance_score: 0.2 },
  { index: 0, relevance_score: 0.1 },
];
const ranked = [
  { index: 1, score: 0.9 },
  { index: 2, score: 0.2 },
  { index: 0, score: 0.1 },
];

/** What a model sends, and what it makes of an answer. */
async function asked(
  make: (options: { readonly fetch: typeof fetch; readonly apiKey: string }) => RerankModel,
  answer: Json,
  request: RerankRequest = { ...rivers, limit: 2 },
): Promise<{
  readonly url: string;
  readonly authorization: string | null;
  readonly body: Json;
  readonly result: RerankResult;
}> {
  const sent: Request[] = [];
  const fetch: typeof globalThis.fetch = async (...parts) => {
    sent.push(new Request(...parts));
    return Response.json(answer, { headers: { "x-request-id": "r1" } });
  };
  const result = await make({ fetch, apiKey: "k" }).rerank(request);
  const [{ url, headers } = new Request("http://none.example"), body] = [sent[0], await sent[0]!.json()];
  return { url, authorization: headers.get("authorization"), body: body as Json, result };
}

// Requests and answers as the vendors' references show them.
describe("documents are ranked", () => {
  test("by Jina", async () => {
    const { url, authorization, body, result } = await asked((options) => jinaRerank("jina-reranker-v3", options), {
      model: "jina-reranker-v3",
      usage: { total_tokens: 815 },
      results: results.slice(0, 2),
    });
    expect([url, authorization]).toStrictEqual(["https://api.jina.ai/v1/rerank", "Bearer k"]);
    expect(body).toStrictEqual({ model: "jina-reranker-v3", ...rivers, top_n: 2, return_documents: false });
    expect(result).toMatchObject({
      model: "jina-reranker-v3",
      ranking: ranked.slice(0, 2),
      usage: { input: 815 },
      warnings: [],
      headers: { "x-request-id": "r1" },
    });
    expect(result.attempts).toMatchObject([
      { provider: "jina", outcome: "finished", usage: { input: 815, output: 0 } },
    ]);
  });

  test("by Voyage, which has its own words for them", async () => {
    const answer = { object: "list", data: results.slice(0, 2), model: "rerank-2.5", usage: { total_tokens: 26 } };
    const { url, body, result } = await asked((options) => voyageRerank("rerank-2.5", options), answer);
    expect(url).toBe("https://api.voyageai.com/v1/rerank");
    expect(body).toStrictEqual({ model: "rerank-2.5", ...rivers, top_k: 2 });
    expect(result).toMatchObject({ ranking: ranked.slice(0, 2), usage: { input: 26 } });
  });

  test("by Together, vLLM and llama.cpp, beside their chat models", async () => {
    const usage = { prompt_tokens: 17, completion_tokens: 0, total_tokens: 17 };
    for (const [{ dialect }, place] of [
      [together, "https://api.together.xyz/v1/rerank"],
      [vllm, "http://localhost:8000/v1/rerank"],
      [llamaCpp, "http://localhost:8080/v1/rerank"],
    ] as const) {
      const make = compatibleRerank(dialect);
      const { url, body, result } = await asked((options) => make("ranker", options), {
        id: "r",
        model: "m",
        results,
        usage,
      });
      expect(url).toBe(place);
      expect(body).toMatchObject({ model: "ranker", ...rivers, top_n: 2 });
      expect(result).toMatchObject({ model: "m", ranking: ranked.slice(0, 2), usage: { input: 17 } });
    }
  });

  test("by SGLang, which answers with a list in its own order and knows no limit", async () => {
    const list = [
      { score: 0.1, document: "Everest", index: 0 },
      { score: 0.9, document: "the Nile", index: 1 },
      { score: 0.2, document: "the Alps", index: 2 },
    ];
    const make = compatibleRerank(sglang.dialect);
    const { url, body, result } = await asked((options) => make("BAAI/bge-reranker-v2-m3", options), list);
    expect(url).toBe("http://localhost:30000/v1/rerank");
    expect(body).toStrictEqual({ model: "BAAI/bge-reranker-v2-m3", ...rivers });
    expect(result).toMatchObject({ model: "BAAI/bge-reranker-v2-m3", ranking: ranked.slice(0, 2), usage: {} });
  });

  test("by Text Embeddings Inference, which serves one model and calls documents texts", async () => {
    const list = [
      { index: 1, score: 0.9 },
      { index: 2, score: 0.2 },
      { index: 0, score: 0.1 },
    ];
    const { url, body, result } = await asked(
      (options) => textEmbeddingsInferenceRerank("bge-reranker", options),
      list,
      rivers,
    );
    expect(url).toBe("http://localhost:8080/rerank");
    expect(body).toStrictEqual({ query: rivers.query, texts: rivers.documents });
    expect(result.ranking).toStrictEqual(ranked);
  });
});

const decoding = { provider: "acme", model: "ranker" };

test("searches are counted where a vendor bills them", () => {
  const cohere = { results, meta: { billed_units: { search_units: 1 }, tokens: { input_tokens: 9 } } };
  expect(decodeRerank(cohere, decoding, {}).usage).toStrictEqual({ input: 9, serverTools: { search_units: 1 } });
  expect(decodeRerank({ results, usage: { prompt_tokens: 0, total_tokens: 7 } }, decoding, {}).usage).toStrictEqual({
    input: 7,
  });
});

test.each([
  ["is not an object", "no"],
  ["has no `results`", { results: "none" }],
  ["`results[0]` is not an object", { results: [0.9] }],
  ["`results[0].index`", { results: [{ relevance_score: 1 }] }],
  ["`results[1]` has no score", { results: [{ index: 0, score: 1 }, { index: 1 }] }],
] as const)("an answer without a ranking is refused: %s", (message, answer) => {
  expect(() => decodeRerank(answer as Json, decoding, {})).toThrow(message);
});

test("an error in place of an answer has its code", () => {
  const body = { error: { message: "model not found", type: "not_found_error" }, results: null };
  expect(() => decodeRerank(body, decoding, {})).toThrow(expect.objectContaining({ code: "not-found" }));
});

test("options of the vendor have the last word, and no others", () => {
  const options = { acme: { max_tokens_per_doc: 100, top_n: 1 }, cohere: { priority: 1 } };
  const body = encodeRerank(
    { ...rivers, limit: 3, providerOptions: options },
    { dialect: { provider: "acme" }, model: "m" },
  );
  expect(body).toStrictEqual({ model: "m", ...rivers, top_n: 1, max_tokens_per_doc: 100 });
});

test.skipIf(!schemas)(
  "writes what Cohere's schema allows, whatever is asked (skipped where the schemas are not there)",
  () => {
    const request = fc.record(
      {
        query: fc.string({ minLength: 1 }),
        documents: fc.array(fc.string()),
        limit: fc.integer({ min: 1, max: 1000 }),
      },
      { requiredKeys: ["query", "documents"] },
    );
    fc.assert(
      fc.property(request, (asked) => {
        const body = encodeRerank(asked, { dialect: { provider: "acme" }, model: "m" });
        expect(schemas!.requestErrors("cohere", body, "rerank")).toStrictEqual([]);
      }),
    );
  },
);

test("a ranking is known by provider, id, place and mapping", () => {
  expect(jinaRerank("a", { apiKey: "k", catalogId: "b" })).toMatchObject({
    fingerprint: "jina:a@https://api.jina.ai/v1#rerank/1",
    catalogId: "b",
  });
});
