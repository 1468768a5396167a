import type { BatchLimits, EmbeddingInput, EmbeddingPurpose, Json, JsonObject, Warning } from "@plugboard/core";
import { ModelError } from "@plugboard/core";
import { cohereEmbedding, cohereTexts, cohereVectors, listOf, objectOf, vectorOf } from "@plugboard/wire";
import { provider } from "../provider.ts";

/** How a family of embedding models is asked through InvokeModel, and answers: each has a body of its own. */
export interface EmbeddingFamily {
  /** What goes in one request. */
  readonly batch: BatchLimits;
  readonly write: (input: EmbeddingInput, model: string) => WrittenTexts;
  /** The vectors of an answer; `undefined` where there are none. */
  readonly vectors: (answer: JsonObject) => readonly (readonly number[])[] | undefined;
  /** The tokens of an answer, where its body tells them. */
  readonly tokens?: (answer: JsonObject) => Json | undefined;
}

/** Texts in the words of a family. */
interface WrittenTexts {
  readonly body: Record<string, Json>;
  readonly warnings: readonly Warning[];
}

/** https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-embed-text.html */
const titan: EmbeddingFamily = {
  batch: { values: 1 },
  write({ values, dimensions, purpose }, model) {
    const warnings: Warning[] = [];
    const shortens = /embed-text-v2/.test(model);
    if (dimensions !== undefined && !shortens) {
      warnings.push({ code: "dropped", path: "dimensions", message: `${model} gives vectors of one length.` });
    }
    if (purpose !== undefined) {
      warnings.push({ code: "dropped", path: "purpose", message: "Titan is not told what vectors are for." });
    }
    const [text = ""] = values;
    return { body: { inputText: text, ...(dimensions !== undefined && shortens && { dimensions }) }, warnings };
  },
  vectors: ({ embedding }) => listed(vectorOf(embedding)),
  tokens: ({ inputTextTokenCount }) => inputTextTokenCount,
};

const novaPurposes: Readonly<Record<EmbeddingPurpose, string>> = {
  query: "TEXT_RETRIEVAL", // what is embedded here is text alone
  document: "GENERIC_INDEX",
  similarity: "CLUSTERING",
  classification: "CLASSIFICATION",
  clustering: "CLUSTERING",
};

/** https://docs.aws.amazon.com/nova/latest/userguide/embeddings-schema.html */
const nova: EmbeddingFamily = {
  batch: { values: 1 },
  write({ values, dimensions, purpose = "document" }) {
    const [value = ""] = values;
    const singleEmbeddingParams = {
      embeddingPurpose: novaPurposes[purpose],
      ...(dimensions !== undefined && { embeddingDimension: dimensions }),
      text: { truncationMode: "NONE", value },
    };
    const message = "Nova has no vectors for similarity alone; those for clustering come nearest.";
    return {
      body: { taskType: "SINGLE_EMBEDDING", singleEmbeddingParams },
      warnings: purpose === "similarity" ? [{ code: "adapted", path: "purpose", message }] : [],
    };
  },
  vectors: ({ embeddings }) => listed(vectorOf(objectOf(listOf(embeddings)[0])?.["embedding"])),
};

/** https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-embed.html */
const cohere: EmbeddingFamily = {
  batch: { values: cohereTexts },
  write: cohereEmbedding,
  vectors: ({ embeddings }) => cohereVectors(embeddings),
};

const families: readonly (readonly [pattern: RegExp, family: EmbeddingFamily])[] = [
  [/titan-embed/, titan],
  [/nova.*embed/, nova],
  [/cohere\.embed/, cohere],
];

/**
 * The family of an embedding model, by its id or that of the model behind it.
 *
 * @throws {ModelError} `unsupported` for one whose body nobody here knows
 */
export function embeddingFamilyOf(model: string): EmbeddingFamily {
  const family = families.find(([pattern]) => pattern.test(model))?.[1];
  if (family) return family;
  const message = `${model} is no embedding model of Titan, Nova or Cohere; for an ARN, give the model behind it as catalogId.`;
  throw new ModelError(message, { code: "unsupported", provider, model });
}

function listed(vector: readonly number[] | undefined): readonly (readonly number[])[] | undefined {
  return vector && [vector];
}
