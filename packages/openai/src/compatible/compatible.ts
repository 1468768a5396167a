import type { ProviderModel } from "@plugboard/core";
import type { ChatDialect } from "../chat-completions/dialect.ts";
import { chatModel } from "../chat-completions/model.ts";
import { prepareCompletion } from "../completions/model.ts";
import { vendorAddress } from "../shared/vendor-address.ts";
import type { VendorOptions } from "../shared/vendor-address.ts";

/** What any model of the chat-completions protocol can be given. */
export type ChatOptions = VendorOptions;

/** Makes models of one vendor. */
export interface ChatFactory {
  (id: string, options?: ChatOptions): ProviderModel;
  /** What the vendor does its own way: spread it to make another. */
  readonly dialect: ChatDialect;
}

/**
 * Makes a factory of models for a vendor that speaks the chat-completions protocol.
 *
 * @throws {ModelError} the factory: `invalid-request` for a base URL that is none; its models: `auth` at the call when there is no key
 * @example
 * const acme = compatible({ provider: "acme", baseURL: "https://api.acme.example/v1", keyVariable: "ACME_API_KEY" });
 * const answer = await acme("parrot-1").generate("Hello");
 */
export function compatible(dialect: ChatDialect): ChatFactory {
  const { path = "/chat/completions", completions } = dialect;

  function make(id: string, options: ChatOptions = {}): ProviderModel {
    const { catalogId } = options;
    const parts = { dialect, id, catalogId, options };
    const fills = completions && {
      completions: prepareCompletion({
        ...parts,
        ...vendorAddress(dialect, completions.path ?? "/completions", options),
      }),
    };
    return chatModel({ ...parts, ...fills, ...vendorAddress(dialect, path, options) });
  }
  return Object.assign(make, { dialect });
}
