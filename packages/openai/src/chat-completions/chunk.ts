import type { WireUsage } from "../shared/usage.ts";

/**
 * What comes back: a chunk of a stream, or a whole body with `message` for `delta`. Nothing is promised: servers leave members out,
 * send null, or write another type, so whoever reads a member looks at it first.
 */
export interface WireChunk {
  readonly id?: unknown;
  readonly model?: unknown;
  /** Seconds since the epoch. */
  readonly created?: unknown;
  readonly choices?: readonly (WireChoice | null)[] | null;
  readonly usage?: WireUsage | null;
  /** Groq. */
  readonly x_groq?: { readonly usage?: WireUsage | null } | null;
  readonly service_tier?: unknown;
  readonly system_fingerprint?: unknown;
  readonly error?: unknown;
  /** vLLM says `error` here. */
  readonly object?: unknown;
  readonly message?: unknown;
  /** Perplexity; the whole list on every chunk. */
  readonly citations?: readonly unknown[] | null;
  readonly search_results?: readonly ({ readonly title?: unknown; readonly url?: unknown } | null)[] | null;
}

export interface WireChoice {
  readonly index?: unknown;
  readonly delta?: WireDelta | null;
  readonly message?: WireDelta | null;
  /** Of the completions protocol: what is said, whole or in part. */
  readonly text?: unknown;
  readonly finish_reason?: unknown;
  readonly logprobs?: { readonly content?: readonly unknown[] | null } | null;
}

/** What a choice says, whole or in part. */
export interface WireDelta {
  readonly content?: unknown;
  readonly refusal?: unknown;
  readonly reasoning_content?: unknown;
  readonly reasoning?: unknown;
  readonly reasoning_details?: readonly unknown[] | null;
  readonly tool_calls?: readonly (WireToolCall | null)[] | null;
  readonly function_call?: { readonly name?: unknown; readonly arguments?: unknown } | null;
  readonly annotations?: readonly (WireAnnotation | null)[] | null;
  readonly audio?: { readonly id?: unknown; readonly data?: unknown; readonly transcript?: unknown } | null;
  /** OpenRouter. */
  readonly images?: readonly ({ readonly image_url?: { readonly url?: unknown } | null } | null)[] | null;
}

export interface WireToolCall {
  readonly index?: unknown;
  readonly id?: unknown;
  readonly function?: { readonly name?: unknown; readonly arguments?: unknown } | null;
  readonly custom?: { readonly name?: unknown; readonly input?: unknown } | null;
  /** Google's thought signature on its compatible endpoint. */
  readonly extra_content?: unknown;
}

export interface WireAnnotation {
  readonly type?: unknown;
  readonly url_citation?: {
    readonly url?: unknown;
    readonly title?: unknown;
    readonly start_index?: unknown;
    readonly end_index?: unknown;
  } | null;
}
