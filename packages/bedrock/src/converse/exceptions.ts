import type { ModelErrorCode } from "@plugboard/core";

const exceptions: { readonly [Code in ModelErrorCode]: string } = {
  "rate-limit": "ThrottlingException",
  overloaded: "ServiceUnavailableException",
  "circuit-open": "ServiceUnavailableException",
  server: "InternalServerException",
  network: "InternalServerException",
  truncated: "InternalServerException",
  parse: "InternalServerException",
  unknown: "InternalServerException",
  timeout: "ModelTimeoutException",
  aborted: "ModelTimeoutException",
  auth: "UnrecognizedClientException",
  permission: "AccessDeniedException",
  "not-found": "ResourceNotFoundException",
  quota: "ServiceQuotaExceededException",
  budget: "ServiceQuotaExceededException",
  "invalid-request": "ValidationException",
  "context-length": "ValidationException",
  "content-filter": "ValidationException",
  unsupported: "ValidationException",
};

/** What Bedrock calls an error of ours. */
export function exceptionOf(code: ModelErrorCode): string {
  return exceptions[code];
}

const streamed: ReadonlySet<string> = new Set([
  "ThrottlingException",
  "ServiceUnavailableException",
  "ValidationException",
]);

/** The same in a stream that has begun, which knows fewer of them. */
export function streamedExceptionOf(code: ModelErrorCode): string {
  const exception = streamed.has(exceptions[code]) ? exceptions[code] : "InternalServerException";
  return exception[0]!.toLowerCase() + exception.slice(1);
}
