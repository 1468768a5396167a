import type { Json, ModelErrorCode } from "@plugboard/core";
import { ModelError } from "@plugboard/core";
import { failureInBand, failureOf, httpStatuses, retryAfterHeader } from "@plugboard/wire";

/** Who was asked. */
export interface Whose {
  readonly provider: string;
  readonly model: string;
}

/** What the AI SDK looks for on an error of its own, instead of its class. */
const markers = { [Symbol.for("vercel.ai.error")]: true, [Symbol.for("vercel.ai.error.AI_APICallError")]: true };

/** What their other errors mean. */
const codes: Readonly<Record<string, ModelErrorCode>> = {
  AI_LoadAPIKeyError: "auth",
  AI_LoadSettingError: "invalid-request",
  AI_NoSuchModelError: "not-found",
  AI_NoSuchProviderReferenceError: "invalid-request",
  AI_UnsupportedFunctionalityError: "unsupported",
  AI_InvalidPromptError: "invalid-request",
  AI_InvalidArgumentError: "invalid-request",
  AI_TooManyEmbeddingValuesForCallError: "invalid-request",
  AI_JSONParseError: "parse",
  AI_TypeValidationError: "parse",
  AI_InvalidResponseDataError: "parse",
  AI_EmptyResponseBodyError: "parse",
  AI_NoContentGeneratedError: "parse",
  AbortError: "aborted",
  TimeoutError: "timeout",
};

/** The members of an `APICallError`. */
interface ApiCallError extends Error {
  readonly statusCode?: number;
  readonly responseHeaders?: Readonly<Record<string, string>>;
  readonly responseBody?: string;
  readonly isRetryable?: boolean;
}

/**
 * An error of ours as the AI SDK knows them: an `APICallError`, whose `cause` is ours and whose `isRetryable` says whether to ask again.
 * Nothing is to be asked again that a layer of ours has already repeated. Who calls off gets the reason of the signal.
 */
export function writeError(error: unknown, signal: AbortSignal | undefined): unknown {
  const ours = ModelError.from(error);
  if (ours.code === "aborted") {
    if (signal?.aborted) return signal.reason;
    return new DOMException(ours.message, { name: "AbortError", cause: ours });
  }
  const { code, message, status, requestId, retryAfter, provider, model } = ours;
  return Object.assign(new Error(message, { cause: ours }), markers, {
    name: "AI_APICallError",
    url: "",
    requestBodyValues: {},
    statusCode: status ?? httpStatuses[code],
    responseHeaders: {
      ...retryAfterHeader(ours),
      ...(retryAfter !== undefined && { "retry-after-ms": String(retryAfter) }),
      ...(requestId !== undefined && { "x-request-id": requestId }),
    },
    isRetryable: ours.retryable && (ours.attempts?.length ?? 1) <= 1,
    data: { code, provider, model },
  });
}

/** An error of theirs in our words: one that was ours comes back as it was. What it holds of the request is left behind. */
export function readError(error: unknown, { provider, model }: Whose): ModelError {
  if (error instanceof ModelError) return error;
  if (!(error instanceof Error)) return failureInBand(error as Json, { provider, model });
  if (error.cause instanceof ModelError) return error.cause;
  const whose = { provider, model };
  if (error.name === "AI_APICallError") return readApiCallError(error, whose);
  if (error.name === "AI_RetryError" && "lastError" in error) return readError(error.lastError, whose);
  const code = codes[error.name] ?? (error instanceof TypeError ? "network" : "unknown");
  return ModelError.from(error, { ...whose, code });
}

function readApiCallError(error: ApiCallError, whose: Whose): ModelError {
  const { statusCode: status, responseHeaders: headers = {}, responseBody, message, isRetryable } = error;
  if (status === undefined) {
    return new ModelError(message, { ...whose, code: isRetryable ? "network" : "invalid-request", cause: error.cause });
  }
  // A success that could not be read.
  if (status >= 200 && status < 300) return new ModelError(message, { ...whose, code: "parse", cause: error.cause });
  return failureOf({ ...whose, status, headers, body: responseBody ?? message });
}
