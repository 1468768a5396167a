import type { Json, ModelRequest } from "@plugboard/core";

/** A recorded or written exchange with a provider, and what an adapter must make of it. */
export interface ProviderSample {
  /** `stream-tool-parallel-01` */
  readonly name: string;
  readonly mode: "generate" | "stream";
  /** What to ask: any question; the answer does not depend on it, but tool names match. */
  readonly call: Pick<ModelRequest, "messages" | "tools"> & { readonly model: string };
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** How the body is cut into messages: not at all, by lines, or in the binary frames of AWS. */
  readonly framing: "json" | "sse" | "ndjson" | "aws-eventstream";
  readonly expected: ExpectedAnswer;
  /** What is odd about it: `usage-only-chunk`, `unicode`. */
  readonly exercises: readonly string[];
}

/** Only what is there is compared. */
export interface ExpectedAnswer {
  readonly text?: string;
  readonly reasoning?: string;
  readonly toolCalls?: readonly { readonly id?: string; readonly name: string; readonly input: Json }[];
  /** `error`: the call rejects, or the reader is thrown to. */
  readonly finishReason?: "stop" | "length" | "tool-calls" | "content-filter" | "other" | "error";
  readonly usage?: {
    readonly inputTokens?: number;
    readonly outputTokens?: number;
    readonly cachedInputTokens?: number;
    readonly reasoningTokens?: number;
  };
  readonly error?: {
    readonly kind: string | readonly string[];
    readonly status?: number;
    readonly retryAfterMs?: number;
    readonly retryable?: boolean;
  };
  /** Accepted as `text` or with the finish reason `refusal`. */
  readonly refusal?: string;
}
