import type { ProviderRerankModel } from "@plugboard/core";
import type { RerankDialect } from "../rerank/dialect.ts";
import { rerankModel } from "../rerank/model.ts";
import { vendorAddress } from "../shared/vendor-address.ts";
import type { VendorOptions } from "../shared/vendor-address.ts";

/** Makes rerank models of one vendor. */
export interface RerankFactory {
  (id: string, options?: VendorOptions): ProviderRerankModel;
  /** What the vendor does its own way: spread it to make another. */
  readonly dialect: RerankDialect;
}

/**
 * Makes a factory of rerank models for a vendor that ranks as Cohere and Jina do: `POST /rerank` with a query and documents. The
 * dialect of its chat models will do.
 *
 * @throws {ModelError} the factory: `invalid-request` for a base URL that is none; its models: `auth` at the call when there is no key
 * @example
 * const model = compatibleRerank(together.dialect)("mixedbread-ai/Mxbai-Rerank-Large-V2");
 * const { ranking } = await model.rerank({ query: "a river", documents: ["the Nile", "Everest"] });
 */
export function compatibleRerank(dialect: RerankDialect): RerankFactory {
  const { path = "/rerank" } = dialect.rerank ?? {};

  function make(id: string, options: VendorOptions = {}): ProviderRerankModel {
    const { catalogId } = options;
    return rerankModel({ dialect, id, catalogId, options, ...vendorAddress(dialect, path, options) });
  }
  return Object.assign(make, { dialect });
}
