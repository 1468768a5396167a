import type { FailureRule } from "../failure.ts";

/**
 * What Bedrock's errors mean where the common table does not know; that one has the types, the unknown model and prompts that are too
 * long. From the API reference and https://docs.aws.amazon.com/bedrock/latest/userguide/troubleshooting-api-error-codes.html, read in
 * November 2026.
 */
export const bedrockFailures: readonly FailureRule[] = [
  // A signature that is too old or too new, or of keys that are not good any more.
  {
    type: ["SignatureDoesNotMatch", "RequestExpired", "RequestTimeTooSkewed", "InvalidClientTokenId", "NotAuthorized"],
    code: "auth",
  },
  { message: /invalid api key format|authorization header is missing|bearer token/i, status: 403, code: "auth" },
  // Too many tokens in a day: no wait that a call can bear lifts it.
  { message: /too many tokens per day/i, code: "quota" },
  { type: "ValidationException", message: /blocked by our content filter/i, code: "content-filter" },
];
