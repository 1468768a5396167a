import type { ProviderEmbeddingModel } from "@plugboard/core";
import type { ChatDialect } from "../chat-completions/dialect.ts";
import { embeddingModel } from "../embeddings/model.ts";
import { vendorAddress } from "../shared/vendor-address.ts";
import type { ChatOptions } from "./compatible.ts";

/** Makes embedding models of one vendor. */
export interface EmbeddingFactory {
  (id: string, options?: ChatOptions): ProviderEmbeddingModel;
  /** What the vendor does its own way: spread it to make another. */
  readonly dialect: ChatDialect;
}

/**
 * Makes a factory of embedding models for a vendor that speaks OpenAI's protocol for them. The dialect of its chat models will do.
 *
 * @throws {ModelError} the factory: `invalid-request` for a base URL that is none; its models: `auth` at the call when there is no key
 * @example
 * const model = compatibleEmbedding(together.dialect)("BAAI/bge-base-en-v1.5");
 * const { embeddings } = await model.embed(["a river", "a mountain"]);
 */
export function compatibleEmbedding(dialect: ChatDialect): EmbeddingFactory {
  const { path = "/embeddings" } = dialect.embeddings ?? {};

  function make(id: string, options: ChatOptions = {}): ProviderEmbeddingModel {
    const { catalogId } = options;
    return embeddingModel({ dialect, id, catalogId, options, ...vendorAddress(dialect, path, options) });
  }
  return Object.assign(make, { dialect });
}
