import type { ProviderRerankModel, RerankResult } from "@plugboard/core";
import { defineProviderRerankModel } from "@plugboard/wire";
import { describe, expect, test } from "vitest";
import type { RerankSample } from "../rerank-sample.ts";
import { asChat } from "./as-chat.ts";
import { sampleFaults } from "./sample-faults.ts";
import { rankings, testRerankProvider } from "./test-rerank-provider.ts";
import type { CreateRerankProvider } from "./test-rerank-provider.ts";

interface Ranked {
  readonly best: RerankResult["ranking"];
  readonly tokens?: number;
}

/** An adapter for a protocol made up for this test. `spoil` makes it a broken one. */
function parrot(spoil: (answer: Ranked) => Ranked = (answer) => answer): CreateRerankProvider {
  return ({ fetch, model }) =>
    defineProviderRerankModel({
      provider: "parrot",
      id: model,
      fingerprint: `parrot:${model}`,
      prepare: (request) => ({
        url: "https://parrot.invalid/rank",
        body: { query: request.query, documents: request.documents, limit: request.limit! },
        options: { fetch },
        warnings: [],
        whole(body) {
          const { best: ranking, tokens } = spoil(body as unknown as Ranked);
          return { model, ranking, usage: { input: tokens! }, warnings: [] };
        },
      }),
    });
}

const best = [
  { index: 1, score: 0.9 },
  { index: 0, score: 0.25 },
];

function sample(body: object, more: Partial<RerankSample> = {}): RerankSample {
  return {
    name: "two documents",
    call: { model: "polly", query: "a river", documents: ["Everest", "the Nile"], limit: 2 },
    status: 200,
    headers: { "content-type": "application/json" },
    body: new TextEncoder().encode(JSON.stringify(body)),
    expected: { ranking: best, usage: { inputTokens: 7 } },
    exercises: [],
    ...more,
  };
}

const plain = sample({ best, tokens: 7 });
const refused = sample([], {
  name: "refused",
  status: 429,
  headers: { "retry-after": "2" },
  expected: { error: { kind: "rate-limit", status: 429, retryAfterMs: 2000, retryable: true } },
});

testRerankProvider("a sound adapter", parrot(), [plain, refused]);

describe("names what a broken adapter gets wrong:", () => {
  const cases: readonly (readonly [string, (answer: Ranked) => Ranked, RegExp])[] = [
    ["the order", ({ best, tokens }) => ({ best: best.toReversed(), tokens: tokens! }), /document 1.*got.*document 0/],
    ["a score", ({ best, tokens }) => ({ best: [{ ...best[0]!, score: 1 }, best[1]!], tokens: tokens! }), /with 1,/],
    ["the count", ({ best, tokens }) => ({ best: [best[0]!], tokens: tokens! }), /^text.*document 0 with 0.25.*got/],
    ["a document", (answer) => ({ ...answer, best: [{ index: 2, score: 1 }] }), /parse.*ranked document 2/],
    ["the usage", ({ best }) => ({ best, tokens: 8 }), /^usage input: expected 7, got 8/m],
  ];
  test.each(cases)("%s", async (_, spoil, fault) => {
    const { create, samples } = asChat(parrot(spoil), [plain], rankings);
    expect((await sampleFaults(create, samples[0]!)).join("\n")).toMatch(fault);
  });

  test("a request that is not as its schema says", async () => {
    const { create, samples } = asChat(parrot(), [plain], rankings);
    const requestErrors = (body: unknown): string[] => [JSON.stringify(body)];
    expect(await sampleFaults(create, samples[0]!, { requestErrors })).toEqual([
      expect.stringMatching(/^request: \{"query":"a river","documents":\["Everest","the Nile"\],"limit":2\}/),
    ]);
  });

  test("a plan that is not what was sent", async () => {
    const lying: CreateRerankProvider = (parts) => {
      const sound = parrot()(parts) as ProviderRerankModel;
      return { ...sound, plan: () => sound.plan({ query: "a river", documents: ["Everest"] }) };
    };
    const { create, samples } = asChat(lying, [plain], rankings);
    expect(await sampleFaults(create, samples[0]!)).toEqual([
      expect.stringMatching(/^plan: the body is .* was sent \(/),
    ]);
  });
});
