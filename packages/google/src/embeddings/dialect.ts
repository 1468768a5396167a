import type { BatchLimits, EmbeddingPurpose } from "@plugboard/core";

/**
 * How vectors are asked for: `embed` is `:embedContent`, and `:batchEmbedContents` for several texts (the Gemini API); `predict` is
 * `:predict` (Vertex AI), where newer models have `:embedContent` with its settings apart (`embed-with-config`).
 */
type EmbeddingForm = "embed" | "predict" | "embed-with-config";

/** What an embedding model takes. */
export interface EmbeddingRules {
  readonly form: EmbeddingForm;
  /** How it is told what the vectors are for: by a name beside the text, or in words before it. */
  readonly purpose: "name" | "words";
  readonly batch: BatchLimits;
}

/** Whose models they are: the rules of each, the first that matches. */
export type EmbeddingDialect = readonly (readonly [pattern: RegExp, rules: EmbeddingRules])[];

// https://ai.google.dev/gemini-api/docs/embeddings, read in November 2026; a hundred texts is what `:batchEmbedContents` refuses more than.
const gemini: EmbeddingRules = { form: "embed", purpose: "name", batch: { values: 100 } };

export const geminiEmbeddings: EmbeddingDialect = [
  [/gemini-embedding-2/, { ...gemini, purpose: "words" }],
  [/./, gemini],
];

// https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/text-embeddings-api, read in November 2026: 250 texts and
// 20,000 tokens, of which none is shorter than a byte; which models have which method is as in Google's SDK.
const predict: EmbeddingRules = {
  form: "predict",
  purpose: "name",
  batch: { values: 250, bytes: 20_000 },
};
const alone: EmbeddingRules = { form: "embed-with-config", purpose: "name", batch: { values: 1 } };

export const vertexEmbeddings: EmbeddingDialect = [
  [/gemini-embedding-001/, { ...predict, batch: { values: 1 } }],
  [/gemini-embedding-2/, { ...alone, purpose: "words" }],
  [/gemini|maas/, alone],
  [/./, predict],
];

/** What is known of a model by its id. */
export function rulesOf(dialect: EmbeddingDialect, model: string): EmbeddingRules {
  return dialect.find(([pattern]) => pattern.test(model.toLowerCase()))![1];
}

/** Purposes by Google's names. */
export const taskTypes: Readonly<Record<EmbeddingPurpose, string>> = {
  query: "RETRIEVAL_QUERY",
  document: "RETRIEVAL_DOCUMENT",
  similarity: "SEMANTIC_SIMILARITY",
  classification: "CLASSIFICATION",
  clustering: "CLUSTERING",
};

/** Purposes in the words that Google's newer models were taught. */
export const taskWords: Readonly<Record<EmbeddingPurpose, string>> = {
  query: "task: search result | query: ",
  document: "title: none | text: ",
  similarity: "task: sentence similarity | query: ",
  classification: "task: classification | query: ",
  clustering: "task: clustering | query: ",
};
