import { testRerankProvider } from "@plugboard/testing/test-provider";
import { expect, test, vi } from "vitest";
import { listeningFetch } from "../test/listening-fetch.ts";
import { rerankSamples } from "../test/rerank-samples.ts";
import { bedrockRerank } from "./bedrock.ts";

const at = { region: "us-west-2", apiKey: "a-key" } as const;
const question = { query: "a river", documents: ["Everest", "the Nile"] };

testRerankProvider("bedrock", ({ fetch, model }) => bedrockRerank(model, { fetch, ...at }), rerankSamples);

test.each([
  ["cohere.rerank-v3-5:0", { api_version: 2 }],
  ["amazon.rerank-v1:0", {}],
])("%s is asked in its words", async (id, more) => {
  const { fetch, sent } = listeningFetch(() => ({ results: [{ index: 1, relevance_score: 0.9 }] }));
  const providerOptions = { bedrock: { max_tokens_per_doc: 100 } };
  const { ranking, model } = await bedrockRerank(id, { fetch, ...at }).rerank({
    ...question,
    limit: 1,
    providerOptions,
  });
  expect(sent).toMatchObject([
    {
      host: "bedrock-runtime.us-west-2.amazonaws.com",
      path: `/model/${encodeURIComponent(id)}/invoke`,
      body: { ...question, top_n: 1, max_tokens_per_doc: 100, ...more },
    },
  ]);
  expect(Object.keys(sent[0]!.body as object)).toHaveLength(4 + Object.keys(more).length);
  expect({ ranking, model }).toEqual({ ranking: [{ index: 1, score: 0.9 }], model: id });
});

test("more documents than Bedrock orders are refused before anything is sent", async () => {
  const fetch = vi.fn<typeof globalThis.fetch>();
  const documents = Array.from({ length: 1001 }, () => "a");
  await expect(
    bedrockRerank("amazon.rerank-v1:0", { fetch, ...at }).rerank({ query: "q", documents }),
  ).rejects.toMatchObject({ code: "invalid-request", message: expect.stringContaining("1000 at most") });
  expect(fetch).not.toHaveBeenCalled();
});
