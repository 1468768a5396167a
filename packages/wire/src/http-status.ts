import type { ModelError, ModelErrorCode } from "@plugboard/core";

/** The status that a client is told for each of our codes, where its protocol has no other. */
export const httpStatuses: { readonly [Code in ModelErrorCode]: number } = {
  "rate-limit": 429,
  overloaded: 503,
  server: 500,
  network: 502,
  timeout: 504,
  truncated: 502,
  auth: 401,
  permission: 403,
  "not-found": 404,
  "invalid-request": 400,
  "context-length": 400,
  "content-filter": 400,
  quota: 402,
  parse: 502,
  budget: 402,
  "circuit-open": 503,
  aborted: 499, // what nginx writes down when a client closes the connection
  unsupported: 400,
  unknown: 500,
};

/** `retry-after` in whole seconds, where an error says how long to wait. */
export function retryAfterHeader({ retryAfter }: Pick<ModelError, "retryAfter">): Record<string, string> {
  return retryAfter === undefined ? {} : { "retry-after": String(Math.ceil(retryAfter / 1000)) };
}
