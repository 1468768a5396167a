import type { ProviderEmbeddingModel, ProviderModel, ProviderRerankModel } from "@plugboard/core";
import type { CohereOptions } from "./account.ts";
import { chatModel } from "./chat/model.ts";
import { embedModel } from "./embed/model.ts";
import { rerankModel } from "./rerank/model.ts";

/**
 * A model of Cohere's, asked through its chat API, version 2.
 *
 * A call throws `auth` before anything is sent when there is no key, and `unsupported` for what Cohere cannot do: a `suffix`, a file
 * that is neither an image nor text.
 *
 * @param id - as Cohere names it: `command-a-03-2025`
 * @throws {ModelError} `invalid-request` for a base URL that is none
 * @example
 * const model = cohere("command-a-03-2025");
 * const { content } = await model.generate("Why is the sky blue?");
 */
export function cohere(id: string, options: CohereOptions = {}): ProviderModel {
  return chatModel(id, options);
}

/**
 * An embedding model of Cohere's. Texts go in batches of 96, each an attempt of its own. A text that is too long is refused, where
 * Cohere by itself would cut it without a word; `providerOptions: { cohere: { truncate: "END" } }` lets it.
 *
 * Without a `purpose` vectors are those of documents. Embed what is looked for with the purpose `query`.
 *
 * @param id - as Cohere names it: `embed-v4.0`
 * @throws {ModelError} `invalid-request` for a base URL that is none
 * @example
 * const model = cohereEmbedding("embed-v4.0");
 * const { embeddings } = await model.embed({ values: ["a river", "a mountain"], purpose: "document" });
 */
export function cohereEmbedding(id: string, options: CohereOptions = {}): ProviderEmbeddingModel {
  return embedModel(id, options);
}

/**
 * A model of Cohere's that orders documents by how well they answer a query; 10,000 at most in one call. Cohere cuts long documents to
 * 4096 tokens; `providerOptions: { cohere: { max_tokens_per_doc: 8192 } }` has it read more.
 *
 * @param id - as Cohere names it: `rerank-v3.5`
 * @throws {ModelError} `invalid-request` for a base URL that is none
 * @example
 * const model = cohereRerank("rerank-v3.5");
 * const { ranking } = await model.rerank({ query: "a river", documents: ["the Nile", "Everest"], limit: 1 });
 */
export function cohereRerank(id: string, options: CohereOptions = {}): ProviderRerankModel {
  return rerankModel(id, options);
}
