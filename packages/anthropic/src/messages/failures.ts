import type { FailureRule } from "@plugboard/wire";

/**
 * What Anthropic's errors mean where the common table does not know. That one has the types (`overloaded_error`, `billing_error`),
 * the status 529, spent credit, spend caps (a 429 that no wait lifts) and prompts that are too long.
 */
export const failures: readonly FailureRule[] = [
  { message: /usage limits?\b.*regain access/i, code: "quota" },
  { message: /content filtering policy/i, code: "content-filter" },
  { type: "request_too_large", code: "invalid-request" },
];
