import type { FailureRule, StreamDecoder, StreamFraming } from "@plugboard/wire";
import { sse } from "@plugboard/wire";
import { messageDecoder } from "./decode.ts";
import type { DecodeContext, Head } from "./decode.ts";

/** A version of Anthropic's API, as the `anthropic-version` header names it. */
export type AnthropicVersion = "2026-10-21" | "2023-06-01";

/** What differs between the platforms that speak the messages protocol. */
export interface MessagesDialect {
  /** Who is called and billed. */
  readonly provider: string;
  /** Where calls go, after the address; `{model}` stands for the id. */
  readonly paths: {
    readonly whole: string;
    readonly stream: string;
    /** Where tokens are counted, and in what form the request is given there. */
    readonly count: { readonly path: string; readonly form: CountForm };
  };
  /** Members of the body that the path tells of instead. */
  readonly told: readonly ("model" | "stream")[];
  /** How a streamed answer comes. */
  readonly stream: {
    readonly framing: StreamFraming;
    readonly decoder: (head: Head, context: DecodeContext) => StreamDecoder;
  };
  /** Where the API version goes, and which is asked for by default. */
  readonly version: { readonly in: "header" | "body"; readonly name: string; readonly default: string };
  /** Where beta features are named. */
  readonly beta: { readonly in: "header" | "body"; readonly name: string };
  /** Whether files may be named by a URL, which the platform fetches. */
  readonly fetchesFiles: boolean;
  /** Whether models that take a JSON Schema for answers and tools take it here. */
  readonly structured: boolean;
  /** What the platform's errors mean, besides those of Anthropic. */
  readonly failures?: readonly FailureRule[];
}

/**
 * How a request is given to be counted: as Anthropic's `count_tokens` takes it, or whole within what Bedrock's CountTokens takes (which
 * knows models by the ids of their makers alone).
 */
export type CountForm = "messages" | "invoke-model";

/**
 * Anthropic's own API. The default version is the older of the two: the newer one only takes parameters away (`temperature`, `top_p`
 * and `top_k`, which models before Claude Opus 4.7 still take), and every endpoint that is compatible with Anthropic knows the older.
 */
export const anthropicDialect: MessagesDialect = {
  provider: "anthropic",
  paths: {
    whole: "/v1/messages",
    stream: "/v1/messages",
    count: { path: "/v1/messages/count_tokens", form: "messages" },
  },
  told: [],
  stream: { framing: sse, decoder: messageDecoder },
  version: { in: "header", name: "anthropic-version", default: "2023-06-01" },
  beta: { in: "header", name: "anthropic-beta" },
  fetchesFiles: true,
  structured: true,
};
