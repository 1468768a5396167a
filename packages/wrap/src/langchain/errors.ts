import type { Json, ModelErrorCode } from "@plugboard/core";
import { ModelError } from "@plugboard/core";
import { failureInBand, failureOf } from "@plugboard/wire";

/** Who was asked. */
export interface Whose {
  readonly provider: string;
  readonly model: string;
}

/** What LangChain adds to errors of its integrations, and names of errors. */
const codes: Readonly<Record<string, ModelErrorCode>> = {
  MODEL_AUTHENTICATION: "auth",
  MODEL_NOT_FOUND: "not-found",
  MODEL_RATE_LIMIT: "rate-limit",
  CONTEXT_OVERFLOW: "context-length",
  ContextOverflowError: "context-length",
  AbortError: "aborted",
  TimeoutError: "timeout",
  APIConnectionTimeoutError: "timeout",
  APIConnectionError: "network",
};

/**
 * An error of a provider's client under LangChain in our words, by its status and body. What it holds of the request is left behind.
 */
export function readError(error: unknown, whose: Whose): ModelError {
  if (error instanceof ModelError) return error;
  if (!(error instanceof Error)) return failureInBand(error as Json, whose);
  if (error.cause instanceof ModelError) return error.cause;
  const {
    status,
    headers,
    error: body,
    code,
    lc_error_code: told,
  } = error as Error & {
    readonly status?: unknown;
    readonly headers?: unknown;
    readonly error?: Json;
    readonly code?: unknown;
    readonly lc_error_code?: unknown;
  };
  if (typeof status === "number" && status >= 400) {
    return failureOf({
      ...whose,
      status,
      headers: plainHeaders(headers),
      body: typeof body === "object" ? JSON.stringify(body) : error.message,
    });
  }
  const named = codes[String(told)] ?? codes[error.name] ?? codes[error.constructor.name];
  if (named !== undefined) return new ModelError(error.message, { ...whose, code: named });
  // An error event of a stream, which has no status.
  if (typeof body === "object" && body !== null) return failureInBand(body, whose);
  // An error inside an answer, which some integrations throw with the provider's code as its name.
  if (/^[a-z]+(_[a-z]+)+$/.test(error.name)) return failureInBand({ code: error.name, message: error.message }, whose);
  return ModelError.from(error, {
    ...whose,
    code: typeof code === "string" && /^E[A-Z]+$/.test(code) ? "network" : "unknown",
  });
}

function plainHeaders(headers: unknown): Record<string, string> {
  if (headers instanceof Headers) return Object.fromEntries(headers);
  if (typeof headers !== "object" || headers === null) return {};
  return Object.fromEntries(
    Object.entries(headers).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}
