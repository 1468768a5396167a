import { ModelError } from "@plugboard/core";
import type { EmbeddingModel } from "@plugboard/core";
import type { Score, Scorer } from "../scorer.ts";
import { expectedText } from "./expected.ts";
import type { ExpectedOptions } from "./expected.ts";

/** What embeds, and what is right. */
export interface EmbeddingSimilarityOptions<Row> extends ExpectedOptions<Row> {
  /** Turns texts into vectors. Put `cache()` before it: what is expected is embedded once a model otherwise. */
  readonly model: EmbeddingModel;
}

/**
 * How near in meaning the answer is to the text expected: the cosine of their vectors, 0 where it is below. Of several texts, the nearest
 * counts. What it costs is paid by the embedding model, whose own middleware may bound it.
 *
 * @example
 * const scorers = [embeddingSimilarity({ model: openaiEmbedding("text-embedding-3-small").with(cache()) })];
 */
export function embeddingSimilarity<Row = unknown>(options: EmbeddingSimilarityOptions<Row>): Scorer<Row> {
  return {
    name: "embeddingSimilarity",
    async score({ row, text, signal }): Promise<Score> {
      const wanted = expectedText(row, options);
      if (!wanted || wanted.length === 0) return undefined;
      // Providers refuse to embed nothing.
      if (text.trim() === "" || wanted.some((expected) => expected.trim() === "")) return undefined;
      const values = [text, ...wanted];
      const { embeddings } = await options.model.embed({ values, purpose: "similarity", ...(signal && { signal }) });
      const [said, ...expected] = embeddings;
      return Math.max(0, ...expected.map((vector) => cosine(said!, vector)));
    },
  };
}

function cosine(left: readonly number[], right: readonly number[]): number {
  if (left.length !== right.length) {
    throw new ModelError(`Vectors of ${left.length} and ${right.length} numbers cannot be compared.`, {
      code: "parse",
    });
  }
  let [product, first, second] = [0, 0, 0];
  for (const [place, value] of left.entries()) {
    const other = right[place]!;
    product += value * other;
    first += value * value;
    second += other * other;
  }
  const size = Math.sqrt(first * second);
  return size === 0 ? 0 : Math.min(1, product / size);
}
