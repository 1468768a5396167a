import type { Model } from "@plugboard/core";
import { checkBaseURL, keyFrom } from "@plugboard/wire";
import type { ApiKey, WireOptions } from "@plugboard/wire";
import type { ChatDialect } from "../chat-completions/dialect.ts";
import { chatModel } from "../chat-completions/model.ts";

/** What any model of the chat-completions protocol can be given. */
export interface ChatOptions extends WireOptions {
  /** The key, or how to get it. @default the vendor's environment variable, read at every call */
  readonly apiKey?: ApiKey;
  /** @default the vendor's */
  readonly baseURL?: string | URL;
  /** Lets `http:` reach hosts beyond this machine. @default false */
  readonly allowInsecure?: boolean;
  /** The catalogue's name for the model, where its id is not one: prices and limits are looked up by it. */
  readonly catalogId?: string;
}

/** Makes models of one vendor. */
export interface ChatFactory {
  (id: string, options?: ChatOptions): Model;
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
  const { provider, keyVariable, path = "/chat/completions" } = dialect;

  function make(id: string, options: ChatOptions = {}): Model {
    const { apiKey, allowInsecure, catalogId } = options;
    const place = checkBaseURL(options.baseURL ?? dialect.baseURL, { allowInsecure });

    return chatModel({
      dialect,
      id,
      catalogId,
      options,
      place,
      async address() {
        const url = place + path;
        if (apiKey === undefined && keyVariable === undefined) return { url, headers: {} };
        const key = await keyFrom({ apiKey, env: keyVariable ?? "", provider });
        return { url, headers: { authorization: `Bearer ${key.reveal()}` } };
      },
    });
  }
  return Object.assign(make, { dialect });
}
