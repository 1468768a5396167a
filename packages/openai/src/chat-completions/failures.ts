import { ModelError } from "@plugboard/core";
import type { ModelErrorCode } from "@plugboard/core";
import type { FailureRule } from "@plugboard/wire";

/** What OpenAI, and the servers that speak like it, say in their own way. */
export const chatFailures: readonly FailureRule[] = [
  { type: "content_filter", code: "content-filter" },
  { type: "content_policy_violation", code: "content-filter" },
  { type: "context_length_exceeded", code: "context-length" },
  { type: "exceed_context_size_error", code: "context-length" },
  {
    message: /maximum context length|context length is only|exceeds the available context size|context size has been exceeded|prompt too long|too many prompt tokens/i,
    code: "context-length",
  },
  { type: "insufficient_quota", code: "quota" },
  { type: "billing_hard_limit_reached", code: "quota" },
  { type: "invalid_api_key", code: "auth" },
  { type: "authentication_error", code: "auth" },
  { message: /incorrect api key/i, code: "auth" },
  { type: "model_not_found", code: "not-found" },
  { type: "DeploymentNotFound", code: "not-found" },
  { type: "rate_limit_exceeded", code: "rate-limit" },
  { type: "server_error", code: "server" },
  { type: "InternalServerError", code: "server" },
  { type: "overloaded_error", code: "overloaded" },
  { type: "invalid_request_error", code: "invalid-request" },
];

interface InBandOptions {
  readonly provider: string;
  readonly model: string;
  readonly rules?: readonly FailureRule[] | undefined;
}

/** The error that a server sent with status 200: in a stream, or for a whole body. */
export function errorInBand(sent: unknown, { provider, model, rules = [] }: InBandOptions): ModelError {
  const error = (typeof sent === "object" && sent !== null ? sent : { message: sent }) as Record<string, unknown>;
  const { message, type, code, status_code } = error;
  const status = [status_code, code, error["status"]].map(Number).find((value) => value >= 400 && value < 600);
  const text = typeof message === "string" && message !== "" ? message : "The provider gave no reason.";

  const rule = [...rules, ...chatFailures].find(
    (candidate) =>
      (candidate.status === undefined || candidate.status === status) &&
      (candidate.type === undefined || candidate.type === type || candidate.type === code) &&
      (candidate.message === undefined || candidate.message.test(text)),
  );
  return new ModelError(text, { code: rule?.code ?? codeOfStatus(status), provider, model, status });
}

function codeOfStatus(status: number | undefined): ModelErrorCode {
  if (status === undefined || status >= 500) return status === 503 || status === 529 ? "overloaded" : "server";
  const codes: Record<number, ModelErrorCode> = {
    401: "auth",
    402: "quota",
    403: "permission",
    404: "not-found",
    408: "timeout",
    429: "rate-limit",
  };
  return codes[status] ?? "invalid-request";
}
