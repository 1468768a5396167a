import { askedRequest, defineModel } from "@plugboard/core";
import type { ModelRequest, ProviderModel } from "@plugboard/core";
import { exchange, headersOf } from "./exchange.ts";
import type { Exchange } from "./exchange.ts";
import { withoutSecrets } from "./redact.ts";

/** What the model of an adapter is made of. */
export interface ProviderModelParts {
  readonly provider: string;
  readonly id: string;
  /** The catalogue's name for it, where `id` is not one. */
  readonly catalogId?: string | undefined;
  /** Provider, id, base URL, API and mapping version. */
  readonly fingerprint: string;
  /**
   * Writes a request for the wire, and says how its answer is read. It asks for no key and sends nothing.
   *
   * @throws {ModelError} `invalid-request` or `unsupported` for what the provider cannot be asked
   */
  readonly prepare: (request: ModelRequest) => PreparedExchange;
}

/** An {@link Exchange} but for what the model adds to each: whose it is, and the request. */
export type PreparedExchange = Omit<Exchange, "provider" | "model" | "request">;

/**
 * Makes a model of how requests are written and answers read: `generate` and `stream` send what `prepare` gives, `plan` shows it.
 *
 * @example
 * return defineProviderModel({
 *   provider: "acme", id, fingerprint: `acme:${id}@${baseURL}#chat/1`,
 *   prepare: (request) => ({
 *     url: `${baseURL}/chat`, authorize: async () => ({ authorization: `Bearer ${(await key()).reveal()}` }),
 *     body: encode(request), options, warnings: [], whole: decode,
 *   }),
 * });
 */
export function defineProviderModel({ prepare, ...parts }: ProviderModelParts): ProviderModel {
  const { provider, id: model } = parts;
  const written = (request: ModelRequest): Exchange => ({ ...prepare(request), provider, model, request });

  return {
    ...defineModel({ ...parts, call: async (request) => exchange(written(request)) }),
    async plan(asked) {
      const planned = written(askedRequest(asked));
      const { url, body, warnings = [], stream } = planned;
      return { method: "POST", url, headers: withoutSecrets(headersOf(planned, stream?.framing)), body, warnings };
    },
  };
}
