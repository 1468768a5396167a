/** A version of Anthropic's API, as the `anthropic-version` header names it. */
export type AnthropicVersion = "2026-10-21" | "2023-06-01";

/** What differs between the platforms that speak the messages protocol. */
export interface MessagesDialect {
  /** Who is called and billed. */
  readonly provider: string;
  readonly baseURL: string;
  /** After the base URL. */
  readonly path: string;
  /** The header that carries the key, and what stands before it there. */
  readonly auth: { readonly header: string; readonly scheme?: string };
  /** Read when a call is made and no key was given. */
  readonly keyVariable: string;
  /** Where the API version goes, and which is asked for by default. */
  readonly version: { readonly in: "header" | "body"; readonly name: string; readonly default: string };
  /** Where beta features are named. */
  readonly beta: { readonly in: "header" | "body"; readonly name: string };
}

/**
 * Anthropic's own API. The default version is the older of the two: the newer one only takes parameters away (`temperature`, `top_p`
 * and `top_k`, which models before Claude Opus 4.7 still take), and every endpoint that is compatible with Anthropic knows the older.
 */
export const anthropicDialect: MessagesDialect = {
  provider: "anthropic",
  baseURL: "https://api.anthropic.com",
  path: "/v1/messages",
  auth: { header: "x-api-key" },
  keyVariable: "ANTHROPIC_API_KEY",
  version: { in: "header", name: "anthropic-version", default: "2023-06-01" },
  beta: { in: "header", name: "anthropic-beta" },
};
