import type { ProviderModel } from "@plugboard/core";
import { vendorAddress } from "../shared/vendor-address.ts";
import type { VendorOptions } from "../shared/vendor-address.ts";
import type { ResponsesDialect } from "./dialect.ts";
import { responsesModel } from "./model.ts";
import type { ResponsesModelParts } from "./model.ts";

/** Makes models of one vendor. */
export interface ResponsesFactory {
  (id: string, options?: VendorOptions): ProviderModel;
  /** What the vendor does its own way: spread it to make another. */
  readonly dialect: ResponsesDialect;
}

/**
 * Makes a factory of models for a vendor that speaks the responses protocol.
 *
 * @throws {ModelError} the factory: `invalid-request` for a base URL that is none; its models: `auth` at the call when there is no key
 * @example
 * const local = responsesFactory({ provider: "local", baseURL: "http://localhost:1234/v1", encrypts: "none" });
 * const answer = await local("gpt-oss-20b").generate("Hello");
 */
export function responsesFactory(dialect: ResponsesDialect): ResponsesFactory {
  function make(id: string, options: VendorOptions = {}): ProviderModel {
    return responsesModel(responsesParts(dialect, id, options));
  }
  return Object.assign(make, { dialect });
}

/** What a model of a vendor is made of. */
export function responsesParts(dialect: ResponsesDialect, id: string, options: VendorOptions): ResponsesModelParts {
  const { path = "/responses" } = dialect;
  const { catalogId } = options;
  return { dialect, id, catalogId, options, ...vendorAddress(dialect, path, options) };
}
