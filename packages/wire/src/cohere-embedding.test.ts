import { expect, test } from "vitest";
import { cohereEmbedding, cohereVectors } from "./cohere-embedding.ts";

const values = ["a river"];

test.each([
  [undefined, "search_document"],
  ["query", "search_query"],
  ["document", "search_document"],
  ["classification", "classification"],
  ["clustering", "clustering"],
] as const)("the purpose %s is the type %s", (purpose, type) => {
  const { body, warnings } = cohereEmbedding({ values, ...(purpose && { purpose }) }, "embed-v4.0");
  expect(body).toEqual({ texts: values, input_type: type, embedding_types: ["float"], truncate: "NONE" });
  expect(warnings).toEqual([]);
});

test("similarity has no type of its own", () => {
  expect(cohereEmbedding({ values, purpose: "similarity" }, "embed-v4.0")).toMatchObject({
    body: { input_type: "clustering" },
    warnings: [{ code: "adapted", path: "purpose" }],
  });
});

test.each(["embed-v4.0", "cohere.embed-v4:0", "eu.cohere.embed-v4:0", "a-tuned-one"])("%s shortens", (model) => {
  expect(cohereEmbedding({ values, dimensions: 256 }, model)).toMatchObject({
    body: { output_dimension: 256 },
    warnings: [],
  });
});

test.each(["embed-english-v3.0", "embed-multilingual-light-v3.0", "cohere.embed-english-v3", "embed-english-v2.0"])(
  "%s does not shorten its vectors",
  (model) => {
    const { body, warnings } = cohereEmbedding({ values, dimensions: 256 }, model);
    expect(body).not.toHaveProperty("output_dimension");
    expect(warnings).toMatchObject([{ code: "dropped", path: "dimensions" }]);
  },
);

test("vectors are under their type, or as they are", () => {
  const vectors = [[1, 2]];
  expect(cohereVectors({ float: vectors })).toEqual(vectors);
  expect(cohereVectors({ int8: vectors })).toEqual(vectors);
  expect(cohereVectors({ int8: [[7]], float: vectors })).toEqual(vectors);
  expect(cohereVectors(vectors)).toEqual(vectors);
  for (const none of [undefined, {}, { base64: ["AAAA"] }]) expect(cohereVectors(none)).toBeUndefined();
});
