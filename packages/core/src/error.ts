import type { Attempt } from "./attempt.ts";
import type { Cost } from "./cost.ts";
import type { ModelResult } from "./result.ts";

const codes = {
  "rate-limit": true,
  overloaded: true,
  server: true,
  network: true,
  timeout: true,
  truncated: true,
  auth: false,
  permission: false,
  "not-found": false,
  "invalid-request": false,
  "context-length": false,
  "content-filter": false,
  quota: false,
  parse: false,
  budget: false,
  "circuit-open": false,
  aborted: false,
  unsupported: false,
  unknown: false,
} as const satisfies Record<string, boolean>;

/**
 * What went wrong, in a word to switch on.
 *
 * `rate-limit`, `overloaded`, `server`, `network`, `timeout` and `truncated` may pass: the same request may succeed later.
 * `quota` is an account that is spent, `budget` one of ours; `truncated` an answer that broke off; `parse` one that is not what
 * its protocol says; `unsupported` what this adapter cannot do or its provider cannot express.
 */
export type ModelErrorCode = keyof typeof codes;

/** The clock that ran out, or how far a request came. */
export type Phase = "connect" | "headers" | "first" | "idle" | "total";

export interface ModelErrorOptions {
  readonly code: ModelErrorCode;
  readonly cause?: unknown;
  readonly provider?: string | undefined;
  readonly model?: string | undefined;
  /** The HTTP status. */
  readonly status?: number | undefined;
  /** The provider's id of the request, to quote to its support. */
  readonly requestId?: string | undefined;
  /** Milliseconds that the provider asks to wait. */
  readonly retryAfter?: number | undefined;
  readonly phase?: Phase | undefined;
  /** What the source had said before it failed. */
  readonly partial?: ModelResult | undefined;
}

const brand: unique symbol = Symbol.for("plugboard.ModelError") as never;

/** The one thing that is thrown. `instanceof` holds across copies of this package. */
export class ModelError extends Error {
  readonly code: ModelErrorCode;
  readonly provider: string | undefined;
  readonly model: string | undefined;
  readonly status: number | undefined;
  readonly requestId: string | undefined;
  readonly retryAfter: number | undefined;
  readonly phase: Phase | undefined;
  /** What was said, and so billed, before it failed. Filled in once, by the reply that broke off. */
  partial: ModelResult | undefined;
  /** Every attempt of the call; filled in by `generate` and `stream`. */
  attempts: readonly Attempt[] | undefined;
  /** The sum over `attempts`, absent if any of them has no price. */
  cost: Cost | undefined;
  declare readonly [brand]: true;

  constructor(message: string, options: ModelErrorOptions) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.code = options.code;
    this.provider = options.provider;
    this.model = options.model;
    this.status = options.status;
    this.requestId = options.requestId;
    this.retryAfter = options.retryAfter;
    this.phase = options.phase;
    this.partial = options.partial;
    this.attempts = undefined;
    this.cost = undefined;
  }

  static {
    Object.defineProperty(this.prototype, "name", { value: "ModelError" });
    Object.defineProperty(this.prototype, brand, { value: true });
  }

  /** Whether the same request may succeed later. */
  get retryable(): boolean {
    return codes[this.code];
  }

  /** The error itself if it is one of ours; otherwise one that has it as its cause. */
  static from(error: unknown, options: ModelErrorOptions = { code: "unknown" }): ModelError {
    if (error instanceof ModelError) return error;
    return new ModelError(error instanceof Error ? error.message : String(error), { ...options, cause: error });
  }

  static override [Symbol.hasInstance](value: unknown): value is ModelError {
    return typeof value === "object" && value !== null && brand in value;
  }
}
