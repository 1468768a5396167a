import type { ModelError, ModelErrorCode } from "@plugboard/core";
import type { Block } from "./messages.ts";
import { threadNotFound } from "./refuse-thread.ts";

/** The status and type that a client is told for each of our codes. */
const errors: Readonly<Record<ModelErrorCode, readonly [status: number, type: string]>> = {
  "rate-limit": [429, "rate_limit_error"],
  overloaded: [529, "overloaded_error"],
  "circuit-open": [529, "overloaded_error"],
  server: [500, "api_error"],
  network: [500, "api_error"],
  truncated: [500, "api_error"],
  parse: [500, "api_error"],
  unknown: [500, "api_error"],
  aborted: [500, "api_error"],
  timeout: [504, "timeout_error"],
  auth: [401, "authentication_error"],
  permission: [403, "permission_error"],
  "not-found": [404, "not_found_error"],
  "invalid-request": [400, "invalid_request_error"],
  unsupported: [400, "invalid_request_error"],
  "context-length": [400, "invalid_request_error"],
  "content-filter": [400, "invalid_request_error"],
  quota: [402, "billing_error"],
  budget: [402, "billing_error"],
};

// Clients know these cases by Anthropic's words alone.
const words: Partial<Record<ModelErrorCode, readonly [RegExp, string]>> = {
  "context-length": [/prompt is too long|exceed context limit/i, "prompt is too long: "],
  "content-filter": [/content filtering policy/i, "Blocked by content filtering policy: "],
};

/** An error in Anthropic's form. */
export function errorBodyOf({ code, message, requestId, cause }: ModelError): Block {
  const told = words[code];
  return {
    type: "error",
    error: {
      type: errors[code][1],
      message: told && !told[0].test(message) ? told[1] + message : message,
      ...(cause === threadNotFound && { details: threadNotFound }),
    },
    ...(requestId !== undefined && { request_id: requestId }),
  };
}

/** An error as an HTTP response. */
export function writeError(error: ModelError): { status: number; headers: Record<string, string>; body: Block } {
  const { retryAfter, retryable, requestId, code } = error;
  return {
    status: errors[code][0],
    headers: {
      "x-should-retry": String(retryable),
      // Anthropic itself tells whole seconds; its clients look for milliseconds first.
      ...(retryAfter !== undefined && { "retry-after-ms": String(Math.ceil(retryAfter)) }),
      ...(retryAfter !== undefined && { "retry-after": String(Math.ceil(retryAfter / 1000)) }),
      ...(requestId !== undefined && { "request-id": requestId }),
    },
    body: errorBodyOf(error),
  };
}
