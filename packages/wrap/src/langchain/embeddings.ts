import type { EmbeddingModel, EmbeddingRequest } from "@plugboard/core";
import type { EmbeddingsInterface } from "@langchain/core/embeddings";
import { Embeddings } from "@langchain/core/embeddings";
import { ModelError, defineEmbeddingModel } from "@plugboard/core";
import { readError } from "./errors.ts";

/** A model of ours as LangChain's embeddings. Their contract is a class to extend. */
class PlugboardEmbeddings extends Embeddings {
  readonly #model: EmbeddingModel;
  readonly #request: Omit<EmbeddingRequest, "values">;

  constructor(model: EmbeddingModel, request: Omit<EmbeddingRequest, "values">) {
    super({});
    this.#model = model;
    this.#request = request;
  }

  override async embedDocuments(values: string[]): Promise<number[][]> {
    if (values.length === 0) return [];
    return this.#embed({ purpose: "document", ...this.#request, values });
  }

  override async embedQuery(value: string): Promise<number[]> {
    const [vector = []] = await this.#embed({ purpose: "query", ...this.#request, values: [value] });
    return vector;
  }

  async #embed(request: EmbeddingRequest): Promise<number[][]> {
    const { embeddings } = await this.#model.embed(request);
    return embeddings.map((vector) => Array.from(vector));
  }
}

/**
 * Any `EmbeddingModel` as embeddings of LangChain.js, for vector stores and retrievers. Documents and queries are embedded for what they
 * are, where the model makes a difference.
 *
 * @param request - what every request asks for, such as `dimensions`
 * @example
 * const store = await MemoryVectorStore.fromTexts(texts, metadata, toLangChainEmbeddings(openaiEmbedding("text-embedding-3-small")));
 */
export function toLangChainEmbeddings(
  model: EmbeddingModel,
  request: Omit<EmbeddingRequest, "values"> = {},
): Embeddings {
  return new PlugboardEmbeddings(model, request);
}

/** Who LangChain's embeddings ask, which they do not say themselves. */
export interface FromLangChainEmbeddingsOptions {
  /** Who is called and billed. */
  readonly provider: string;
  /** What goes on the wire. */
  readonly id: string;
  /** The catalogue's name of the model, where its id is not one. */
  readonly catalogId?: string;
}

/**
 * Embeddings of LangChain.js as an `EmbeddingModel`. They tell no usage, and cannot be called off; who calls off does not wait for them.
 *
 * @example
 * const model = fromLangChainEmbeddings(new OpenAIEmbeddings(), { provider: "openai", id: "text-embedding-3-small" });
 */
export function fromLangChainEmbeddings(
  embeddings: EmbeddingsInterface,
  { provider, id, catalogId }: FromLangChainEmbeddingsOptions,
): EmbeddingModel {
  return defineEmbeddingModel({
    provider,
    id,
    catalogId,
    fingerprint: `langchain:${provider}:${id}`,
    async call({ values, purpose, dimensions, providerOptions, headers }) {
      if (dimensions !== undefined) {
        const message = "Embeddings of LangChain take `dimensions` where they are made.";
        throw new ModelError(message, { code: "unsupported", provider, model: id });
      }
      const dropped = { providerOptions, headers };
      const warnings = Object.entries(dropped).flatMap(([path, value]) =>
        value === undefined
          ? []
          : [{ code: "dropped", path, message: `Embeddings of LangChain take \`${path}\` where they are made.` }],
      );
      try {
        const vectors =
          purpose === "query"
            ? await Promise.all(values.map((value) => embeddings.embedQuery(value)))
            : await embeddings.embedDocuments([...values]);
        return { model: id, embeddings: vectors, usage: {}, warnings };
      } catch (error) {
        throw readError(error, { provider, model: id });
      }
    },
  });
}
