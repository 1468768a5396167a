import type { EmbeddingModel, ProviderEmbeddingModel } from "@plugboard/core";
import type { EmbeddingSample } from "../embedding-sample.ts";
import { asChat } from "./as-chat.ts";
import type { CreateWhole, Kind } from "./as-chat.ts";
import type { TestProviderOptions } from "./sample-faults.ts";
import { suite } from "./test-provider.ts";
import { transportCases } from "./transport-cases.ts";

/** Makes the embedding model that is judged. It must send its requests through the fetch it is given. */
export type CreateEmbeddingProvider = CreateWhole<EmbeddingSample, EmbeddingModel>;

/**
 * Judges the embedding model of an adapter: a vitest suite with one test for each sample, delivered whole, in chunks and cut, and the
 * failures that every wire has.
 *
 * It is the suite of `testProvider`, which sees the vectors as text: how many there are, their length, and how the first begins.
 *
 * @example
 * testEmbeddingProvider("parrot", ({ fetch, model }) => parrotEmbedding(model, { fetch }), samples);
 */
export function testEmbeddingProvider(
  name: string,
  create: CreateEmbeddingProvider,
  samples: readonly EmbeddingSample[],
  options: TestProviderOptions = {},
): void {
  const cases = transportCases.filter(({ mode }) => mode === "generate");
  const chat = asChat(create, samples, embeddings);
  suite(name, chat.create, chat.samples, options, cases);
}

/** Vectors in words. */
export const embeddings: Kind<EmbeddingSample, EmbeddingModel> = {
  asked: ({ call }) => call.values.join("\n"),
  expected: ({ expected }) => expected.embeddings && describe(expected.embeddings),
  async answer(judged, { call, expected }, circumstances) {
    const { model: _, ...input } = call;
    const { model, embeddings: vectors, usage, warnings } = await judged.call({ ...input, ...circumstances });
    const [first = []] = vectors;
    const lengths = [...new Set(vectors.map(({ length }) => length))];
    const shown = first.slice(0, expected.embeddings?.first.length ?? 4);
    const text = describe({ count: vectors.length, dimensions: lengths.join(" or "), first: shown });
    return { model, usage, warnings, text };
  },
  async plan(judged, { call }) {
    const { model: _, ...input } = call;
    const [first] = await (judged as ProviderEmbeddingModel).plan(input);
    return first!;
  },
};

function describe({
  count,
  dimensions,
  first,
}: {
  readonly count: number;
  readonly dimensions: number | string;
  readonly first: readonly number[];
}): string {
  return `${count} vectors of ${dimensions} numbers; the first begins ${first.join(", ")}`;
}
