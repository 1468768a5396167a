import type { Attempt } from "./attempt.ts";
import type { Cost } from "./cost.ts";
import type { ModelResult } from "./result.ts";

/**
 * What went wrong, in a word to switch on.
 *
 * The first six may pass: the same request may succeed later. `truncated` is an answer that broke off, `quota` an account that is
 * spent, `budget` one of ours, `parse` an answer that is not what its protocol says, `unsupported` what an adapter cannot do or its
 * provider cannot express.
 */
export type ModelErrorCode =
  | "rate-limit"
  | "overloaded"
  | "server"
  | "network"
  | "timeout"
  | "truncated"
  | "auth"
  | "permission"
  | "not-found"
  | "invalid-request"
  | "context-length"
  | "content-filter"
  | "quota"
  | "parse"
  | "budget"
  | "circuit-open"
  | "aborted"
  | "unsupported"
  | "unknown";

const mayPass: ReadonlySet<ModelErrorCode> = new Set([
  "rate-limit",
  "overloaded",
  "server",
  "network",
  "timeout",
  "truncated",
]);

/** The clock that ran out, or how far a request came. */
export type Phase = "connect" | "headers" | "first" | "idle" | "total";

/** What is known of a failure besides its sentence. */
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

/** Registered, so that another copy of this package knows ours. */
const brand = Symbol.for("plugboard.ModelError");

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

  /** Whether the same request may succeed later. */
  get retryable(): boolean {
    return mayPass.has(this.code);
  }

  /** The error itself if it is one of ours; otherwise one that has it as its cause. */
  static from(error: unknown, options: ModelErrorOptions = { code: "unknown" }): ModelError {
    if (error instanceof ModelError) return error;
    return new ModelError(error instanceof Error ? error.message : String(error), { ...options, cause: error });
  }

  /** What an aborted signal means: its reason if that is one of ours, a timeout of the caller's, or that nobody wants the answer. */
  static calledOff(signal: AbortSignal, whose: Pick<ModelErrorOptions, "provider" | "model"> = {}): ModelError {
    const cause: unknown = signal.reason;
    if (cause instanceof ModelError) return cause;
    return cause instanceof Error && cause.name === "TimeoutError"
      ? new ModelError("The time given ran out.", { ...whose, code: "timeout", phase: "total", cause })
      : new ModelError("The call was called off.", { ...whose, code: "aborted", cause });
  }

  /** Knows errors of another copy of this package, too. */
  static override [Symbol.hasInstance](value: unknown): value is ModelError {
    return typeof value === "object" && value !== null && brand in value;
  }
}

Object.defineProperties(ModelError.prototype, { name: { value: "ModelError" }, [brand]: { value: true } });
// A bundler may give the class another name, and that would show wherever an error is printed.
Object.defineProperty(ModelError, "name", { value: "ModelError" });
