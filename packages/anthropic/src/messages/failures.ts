import type { FailureRule } from "@plugboard/wire";

/**
 * What Anthropic's errors mean, by the `error.type` of their bodies and, where that is too coarse, by their words. The first rule
 * that holds decides. The same rules serve HTTP errors and the `error` event of a stream.
 */
export const failures: readonly FailureRule[] = [
  { message: /credit balance is too low/i, code: "quota" },
  // A spend cap comes as a 429 without retry-after; waiting does not lift it.
  { type: "enforced_spend_limit_reached", code: "quota" },
  { message: /spend limit|usage limits?\b.*regain access/i, code: "quota" },
  { type: "billing_error", code: "quota" },
  { message: /prompt is too long|exceed context limit|exceeds? the (model's )?context/i, code: "context-length" },
  { message: /content filtering policy/i, code: "content-filter" },
  { type: "authentication_error", code: "auth" },
  { type: "permission_error", code: "permission" },
  { type: "not_found_error", code: "not-found" },
  { type: "rate_limit_error", code: "rate-limit" },
  { type: "overloaded_error", code: "overloaded" },
  { type: "timeout_error", code: "timeout" },
  { type: "request_too_large", code: "invalid-request" },
  { type: "invalid_request_error", code: "invalid-request" },
  { type: "api_error", code: "server" },
  { status: 529, code: "overloaded" },
  { status: 413, code: "invalid-request" },
];
