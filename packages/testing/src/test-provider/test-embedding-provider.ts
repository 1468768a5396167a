import type { EmbeddingModel, EmbeddingResult, Model, ModelResult } from "@plugboard/core";
import { ModelReply, defineModel } from "@plugboard/core";
import type { EmbeddingSample } from "../embedding-sample.ts";
import type { ExpectedAnswer, ProviderSample } from "../provider-sample.ts";
import type { CreateProvider, TestProviderOptions } from "./sample-faults.ts";
import { suite } from "./test-provider.ts";
import { transportCases } from "./transport-cases.ts";

/** Makes the embedding model that is judged. It must send its requests through the fetch it is given. */
export type CreateEmbeddingProvider = (parts: {
  readonly fetch: typeof globalThis.fetch;
  /** The model that the sample was recorded with. */
  readonly model: string;
  /** For what depends on it, such as the dialect of a compatible server. */
  readonly sample: EmbeddingSample;
}) => EmbeddingModel;

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
  const chat = asChat(create, samples);
  suite(name, chat.create, chat.samples, options, cases);
}

/** The same adapter and samples as of a chat model. */
export function asChat(
  create: CreateEmbeddingProvider,
  samples: readonly EmbeddingSample[],
): { readonly create: CreateProvider; readonly samples: readonly ProviderSample[] } {
  const origins = new Map(samples.map((sample) => [asChatSample(sample), sample]));
  return {
    create({ fetch, model, sample }) {
      const origin = origins.get(sample)!;
      return asChatModel(create({ fetch, model, sample: origin }), origin);
    },
    samples: [...origins.keys()],
  };
}

/** A chat model that embeds what the sample asks for, whatever it is asked, and tells of the vectors in words. */
function asChatModel(model: EmbeddingModel, { call, expected }: EmbeddingSample): Model {
  const { model: _, ...input } = call;
  const shown = expected.embeddings?.first.length ?? 4;
  return defineModel({
    provider: model.provider,
    id: model.id,
    async call({ signal, deadline }) {
      const request = { ...input, ...(signal && { signal }), ...(deadline !== undefined && { deadline }) };
      return ModelReply.of(inWords(await model.call(request), shown));
    },
  });
}

function inWords({ model, embeddings, usage, warnings }: EmbeddingResult, shown: number): ModelResult {
  const [first = []] = embeddings;
  const lengths = [...new Set(embeddings.map(({ length }) => length))];
  const text = describe({ count: embeddings.length, dimensions: lengths.join(" or "), first: first.slice(0, shown) });
  return { model, content: [{ type: "text", text }], finishReason: "stop", usage, warnings };
}

function asChatSample({ name, call, status, headers, body, expected, exercises }: EmbeddingSample): ProviderSample {
  return {
    name,
    mode: "generate",
    framing: "json",
    call: { model: call.model, messages: [{ role: "user", content: call.values.join("\n") }] },
    status,
    headers,
    body,
    expected: asChatAnswer(expected),
    exercises,
  };
}

function asChatAnswer({ embeddings, usage, error }: EmbeddingSample["expected"]): ExpectedAnswer {
  if (error) return { finishReason: "error", error };
  return { finishReason: "stop", ...(embeddings && { text: describe(embeddings) }), ...(usage && { usage }) };
}

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
