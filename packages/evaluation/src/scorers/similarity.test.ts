import { defineEmbeddingModel } from "@plugboard/core";
import type { EmbeddingModel } from "@plugboard/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { answerOf } from "../test-answer.ts";
import { embeddingSimilarity } from "./embedding-similarity.ts";
import { similarity } from "./similarity.ts";

test.each([
  ["kitten", "sitting", 1 - 3 / 7],
  ["Saturday", "Sunday", 1 - 3 / 8],
  ["", "abc", 0],
  ["", "", 1],
  ["👍🏽a", "👍🏽b", 1 - 1 / 3],
])("%j is as near to %j as its edits say", (text, expected, score) => {
  expect(similarity().score(answerOf(text, { expected }))).toBeCloseTo(score, 12);
});

test("is the same from either side, 1 only for the same, and takes the nearest", () => {
  const words = fc.string({ maxLength: 20 }).map((text) => text.trim());
  fc.assert(
    fc.property(words, words, (left, right) => {
      const score = similarity().score(answerOf(left, { expected: right }));
      expect(score).toBe(similarity().score(answerOf(right, { expected: left })));
      expect(score === 1).toBe(left === right);
    }),
  );
  expect(similarity().score(answerOf("abc", { expected: ["xyz", "abd"] }))).toBeCloseTo(2 / 3, 12);
});

/** Vectors by hand, so that the cosine is known. */
function embedder(vectors: Readonly<Record<string, readonly number[]>>): EmbeddingModel {
  return defineEmbeddingModel({
    provider: "test",
    id: "vectors",
    call: ({ values }) =>
      Promise.resolve({
        model: "vectors",
        embeddings: values.map((value) => vectors[value]!),
        usage: {},
        warnings: [],
      }),
  });
}

test("is the cosine of vectors, and not below 0", async () => {
  const model = embedder({ a: [3, 4], b: [4, 3], opposite: [-3, -4] });
  const scorer = embeddingSimilarity({ model });
  expect(await scorer.score(answerOf("a", { expected: "b" }))).toBeCloseTo(24 / 25, 12);
  expect(await scorer.score(answerOf("a", { expected: ["opposite", "a"] }))).toBeCloseTo(1, 12);
  expect(await scorer.score(answerOf("a", { expected: "opposite" }))).toBe(0);
  expect(await scorer.score(answerOf(" ", { expected: "a" }))).toBeUndefined();
  expect(await scorer.score(answerOf("a", {}))).toBeUndefined();
});
