import type { ModelRequest } from "./request.ts";
import { checkRequest } from "./check-request.ts";

/**
 * What was asked, checked; a bare text is the first message of a user.
 *
 * @throws {ModelError} `invalid-request`, with the field and the accepted values
 */
export function askedRequest(asked: ModelRequest | string): ModelRequest {
  const request = typeof asked === "string" ? { messages: [{ role: "user", content: asked } as const] } : asked;
  checkRequest(request);
  return request;
}
