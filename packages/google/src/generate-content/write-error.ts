import type { Json, ModelError, ModelErrorCode } from "@plugboard/core";

/** The HTTP status and google.rpc code that a client is told for each of our codes. */
const errors: Readonly<Record<ModelErrorCode, readonly [status: number, code: string]>> = {
  "rate-limit": [429, "RESOURCE_EXHAUSTED"],
  quota: [402, "RESOURCE_EXHAUSTED"],
  budget: [402, "RESOURCE_EXHAUSTED"],
  overloaded: [503, "UNAVAILABLE"],
  "circuit-open": [503, "UNAVAILABLE"],
  server: [500, "INTERNAL"],
  network: [500, "INTERNAL"],
  truncated: [500, "INTERNAL"],
  parse: [500, "INTERNAL"],
  unknown: [500, "UNKNOWN"],
  aborted: [499, "CANCELLED"],
  timeout: [504, "DEADLINE_EXCEEDED"],
  auth: [401, "UNAUTHENTICATED"],
  permission: [403, "PERMISSION_DENIED"],
  "not-found": [404, "NOT_FOUND"],
  "invalid-request": [400, "INVALID_ARGUMENT"],
  unsupported: [400, "INVALID_ARGUMENT"],
  "context-length": [400, "INVALID_ARGUMENT"],
  "content-filter": [400, "INVALID_ARGUMENT"],
};

/** An error in Google's form: the wait that it asks for stands in the body. */
export function errorBodyOf({ code, message, retryAfter }: ModelError): Json {
  const [status, name] = errors[code];
  // Clients know a prompt that is too long by Google's words alone.
  const told =
    code === "context-length" && !/input token count/i.test(message)
      ? `The input token count exceeds the limit: ${message}`
      : message;
  const retry = { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: `${(retryAfter ?? 0) / 1000}s` };
  return {
    error: { code: status, message: told, status: name, ...(retryAfter !== undefined && { details: [retry] }) },
  };
}

/** An error as an HTTP response. */
export function writeError(error: ModelError): { status: number; headers: Record<string, string>; body: Json } {
  const { retryAfter, code } = error;
  return {
    status: errors[code][0],
    headers: { ...(retryAfter !== undefined && { "retry-after": String(Math.ceil(retryAfter / 1000)) }) },
    body: errorBodyOf(error),
  };
}
