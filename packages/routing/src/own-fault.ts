import type { ModelError, ModelErrorCode } from "@plugboard/core";

/** Failures that speak of the model or its account, and not of what it was asked. */
const ownFaults: ReadonlySet<ModelErrorCode> = new Set([
  "rate-limit",
  "overloaded",
  "server",
  "network",
  "timeout",
  "truncated",
  "auth",
  "quota",
  "circuit-open",
]);

/** Whether a failure is a reason to leave a model alone for a while: the next request would very likely fail, too. */
export function isOwnFault({ code }: ModelError): boolean {
  return ownFaults.has(code);
}
