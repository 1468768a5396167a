import type { ProviderEmbeddingModel } from "@plugboard/core";
import { defineProviderEmbeddingModel } from "@plugboard/wire";
import { describe, expect, test } from "vitest";
import type { EmbeddingSample } from "../embedding-sample.ts";
import { sampleFaults } from "./sample-faults.ts";
import { asChat } from "./as-chat.ts";
import { embeddings, testEmbeddingProvider } from "./test-embedding-provider.ts";
import type { CreateEmbeddingProvider } from "./test-embedding-provider.ts";

interface Vectors {
  readonly vectors: readonly (readonly number[])[];
  readonly tokens?: number;
}

/** An adapter for a protocol made up for this test. `spoil` makes it a broken one. */
function parrot(spoil: (answer: Vectors) => Vectors = (answer) => answer): CreateEmbeddingProvider {
  return ({ fetch, model }) =>
    defineProviderEmbeddingModel({
      provider: "parrot",
      id: model,
      fingerprint: `parrot:${model}`,
      prepare: (request) => ({
        url: "https://parrot.invalid/embed",
        headers: {},
        body: { values: request.values },
        options: { fetch },
        warnings: [],
        whole(body) {
          const { vectors: embeddings, tokens } = spoil(body as unknown as Vectors);
          return { model, embeddings, usage: { input: tokens! }, warnings: [] };
        },
      }),
    });
}

function sample(body: object, more: Partial<EmbeddingSample> = {}): EmbeddingSample {
  return {
    name: "two texts",
    call: { model: "polly", values: ["a", "b"] },
    status: 200,
    headers: { "content-type": "application/json" },
    body: new TextEncoder().encode(JSON.stringify(body)),
    expected: { embeddings: { count: 2, dimensions: 3, first: [1, 2] }, usage: { inputTokens: 7 } },
    exercises: [],
    ...more,
  };
}

const vectors = [
  [1, 2, 3],
  [4, 5, 6],
];
const plain = sample({ vectors, tokens: 7 });
const refused = sample([], {
  name: "refused",
  status: 429,
  headers: { "retry-after": "2" },
  expected: { error: { kind: "rate-limit", status: 429, retryAfterMs: 2000, retryable: true } },
});

testEmbeddingProvider("a sound adapter", parrot(), [plain, refused]);

describe("names what a broken adapter gets wrong:", () => {
  const cases: readonly (readonly [string, (answer: Vectors) => Vectors, RegExp])[] = [
    ["the numbers", (answer) => ({ ...answer, vectors: answer.vectors.toReversed() }), /begins 1, 2.*begins 4, 5/],
    ["a length", (answer) => ({ ...answer, vectors: [[1, 2], vectors[1]!] }), /of 3 numbers.*of 2 or 3 numbers/],
    ["the count", (answer) => ({ ...answer, vectors: [vectors[0]!] }), /parse.*1 vectors for 2 texts/],
    ["the usage", ({ vectors }) => ({ vectors, tokens: 8 }), /^usage input: expected 7, got 8/m],
  ];
  test.each(cases)("%s", async (_, spoil, fault) => {
    const { create, samples } = asChat(parrot(spoil), [plain], embeddings);
    expect((await sampleFaults(create, samples[0]!)).join("\n")).toMatch(fault);
  });

  test("a plan that is not what was sent", async () => {
    const lying: CreateEmbeddingProvider = (parts) => {
      const sound = parrot()(parts) as ProviderEmbeddingModel;
      return { ...sound, plan: () => sound.plan(["c"]) };
    };
    const { create, samples } = asChat(lying, [plain], embeddings);
    expect(await sampleFaults(create, samples[0]!)).toEqual([
      expect.stringMatching(/^plan: the body is .* was sent \(/),
    ]);
  });
});
