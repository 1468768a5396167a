import type { EmbeddingInput, EmbeddingPurpose, Json, Warning } from "@plugboard/core";
import { vectorsOf } from "./vectors.ts";
import { objectOf } from "./narrow.ts";

/** Texts to embed in Cohere's words, which Cohere itself and Bedrock take. */
export interface CohereEmbedding {
  readonly body: Record<string, Json>;
  readonly warnings: readonly Warning[];
}

/** How many texts go in one request. https://docs.cohere.com/reference/embed */
export const cohereTexts = 96;

const inputTypes: Readonly<Record<EmbeddingPurpose, string>> = {
  query: "search_query",
  document: "search_document",
  similarity: "clustering",
  classification: "classification",
  clustering: "clustering",
};

/**
 * Writes texts for a model of Cohere's, wherever it runs. It wants to be told what vectors are for: documents, where nobody says. Texts
 * that are too long are to be refused; Cohere would cut them without a word.
 *
 * @param model - in Cohere's words, or with them in it: only those from version 4 on shorten their vectors
 * @example
 * const { body, warnings } = cohereEmbedding({ values: ["a river"], purpose: "query" }, "embed-v4.0");
 */
export function cohereEmbedding(
  { values, dimensions, purpose = "document" }: EmbeddingInput,
  model: string,
): CohereEmbedding {
  const warnings: Warning[] = [];
  if (purpose === "similarity") {
    const message = "Cohere has no vectors for similarity alone; those for clustering come nearest.";
    warnings.push({ code: "adapted", path: "purpose", message });
  }
  const fixed = /embed-[a-z-]*v[123]\b/.test(model);
  if (dimensions !== undefined && fixed) {
    warnings.push({ code: "dropped", path: "dimensions", message: `${model} gives vectors of one length.` });
  }
  return {
    body: {
      texts: values,
      input_type: inputTypes[purpose],
      embedding_types: ["float"],
      truncate: "NONE",
      ...(dimensions !== undefined && !fixed && { output_dimension: dimensions }),
    },
    warnings,
  };
}

/** The vectors of an answer: under the type that was asked for, or, from older servers, as they are. `undefined` where there are none. */
export function cohereVectors(embeddings: Json | undefined): readonly (readonly number[])[] | undefined {
  const types = objectOf(embeddings);
  return vectorsOf(types ? (types["float"] ?? Object.values(types)[0]) : embeddings);
}
