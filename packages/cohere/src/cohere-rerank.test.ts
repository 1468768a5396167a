import type { RerankRequest } from "@plugboard/core";
import { validator } from "@plugboard/recordings";
import { testRerankProvider } from "@plugboard/testing/test-provider";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { rerankSamples } from "../test/rerank-samples.ts";
import { cohereRerank } from "./cohere.ts";
import { encodeRerank } from "./rerank/encode.ts";

const schemas = await validator();

testRerankProvider(
  "cohere",
  ({ fetch, model }) => cohereRerank(model, { fetch, apiKey: "a-key" }),
  rerankSamples,
  schemas ? { requestErrors: (body) => schemas.requestErrors("cohere", body, "rerank") } : {},
);

const question: RerankRequest = { query: "a river", documents: ["Everest", "the Nile"] };

test("goes to Rerank of version 2, and the options of the caller have the last word", async () => {
  const fetch = vi.fn<typeof globalThis.fetch>(async () =>
    Response.json({
      results: [{ index: 1, relevance_score: 0.9 }],
      meta: { billed_units: { search_units: 1 } },
    }),
  );
  const model = cohereRerank("rerank-v3.5", { fetch, apiKey: "a-key" });
  const providerOptions = { cohere: { max_tokens_per_doc: 8192 }, other: { priority: 1 } };
  const { ranking, usage } = await model.rerank({ ...question, limit: 1, providerOptions });
  expect(ranking).toEqual([{ index: 1, score: 0.9 }]);
  expect(usage).toEqual({ serverTools: { search_units: 1 } });
  const [url, sent] = fetch.mock.calls[0]!;
  expect(url).toBe("https://api.cohere.com/v2/rerank");
  expect(JSON.parse(sent!.body as string)).toEqual({
    model: "rerank-v3.5",
    ...question,
    top_n: 1,
    max_tokens_per_doc: 8192,
  });
});

test("more documents than Cohere orders are refused before anything is sent", async () => {
  const fetch = vi.fn<typeof globalThis.fetch>();
  const documents = Array.from({ length: 10_001 }, () => "a");
  const asked = cohereRerank("rerank-v3.5", { fetch, apiKey: "a-key" }).rerank({ query: "q", documents });
  await expect(asked).rejects.toMatchObject({ code: "invalid-request", message: expect.stringContaining("10000") });
  expect(fetch).not.toHaveBeenCalled();
  expect(encodeRerank("m", { query: "q", documents: documents.slice(1) })).toHaveProperty("documents.length", 10_000);
});

test.skipIf(!schemas)("writes what Cohere's schema allows (skipped where the schemas are not there)", () => {
  const words = fc.string({ minLength: 1, maxLength: 9 });
  const input = fc.record(
    { query: words, documents: fc.array(words, { minLength: 1, maxLength: 9 }), limit: fc.integer({ min: 1 }) },
    { requiredKeys: ["query", "documents"] },
  );
  fc.assert(
    fc.property(input, (request) => {
      expect(schemas!.requestErrors("cohere", encodeRerank("rerank-v3.5", request), "rerank")).toEqual([]);
    }),
    { numRuns: 200 },
  );
});
