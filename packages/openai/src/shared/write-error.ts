import type { ModelError, ModelErrorCode } from "@plugboard/core";
import type { Json } from "@plugboard/core";

/** Status, type and code of an error, such that a client of the protocol understands it as we meant it. */
const forms: Readonly<Record<ModelErrorCode, readonly [status: number, type: string, code: string | null]>> = {
  "rate-limit": [429, "rate_limit_error", "rate_limit_exceeded"],
  overloaded: [503, "overloaded_error", null],
  server: [500, "server_error", null],
  network: [502, "server_error", "upstream_unreachable"],
  timeout: [504, "timeout_error", "timeout"],
  truncated: [502, "server_error", "upstream_truncated"],
  auth: [401, "authentication_error", "invalid_api_key"],
  permission: [403, "permission_error", "permission_denied"],
  "not-found": [404, "invalid_request_error", "model_not_found"],
  "invalid-request": [400, "invalid_request_error", null],
  "context-length": [400, "invalid_request_error", "context_length_exceeded"],
  "content-filter": [400, "invalid_request_error", "content_filter"],
  quota: [429, "insufficient_quota", "insufficient_quota"],
  parse: [502, "server_error", "upstream_unreadable"],
  budget: [402, "insufficient_quota", "budget_exceeded"],
  "circuit-open": [503, "overloaded_error", "circuit_open"],
  aborted: [499, "invalid_request_error", "aborted"],
  unsupported: [400, "invalid_request_error", "unsupported_value"],
  unknown: [500, "server_error", null],
};

/** The body of an error, also sent in a stream that has begun. */
export function errorBody({ code, message }: ModelError): Json {
  const [, type, wire] = forms[code];
  return { error: { message, type, param: null, code: wire } };
}

/** An error as an HTTP response: how long to wait, and whether to ask again at all, are in its headers. */
export function writeError(error: ModelError): {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Json;
} {
  const { code, retryAfter } = error;
  const headers: Record<string, string> = { "x-should-retry": String(error.retryable) };
  if (retryAfter !== undefined) {
    headers["retry-after-ms"] = String(Math.ceil(retryAfter));
    headers["retry-after"] = String(Math.ceil(retryAfter / 1000));
  }
  return { status: forms[code][0], headers, body: errorBody(error) };
}
