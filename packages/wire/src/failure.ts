import type { Json, ModelErrorCode } from "@plugboard/core";
import { ModelError } from "@plugboard/core";
import { commonFailures, statusFailures } from "./common-failures.ts";
import { errorFacts } from "./error-facts.ts";
import type { ErrorFacts } from "./error-facts.ts";
import { redact } from "./redact.ts";
import { requestIdOf } from "./response-headers.ts";
import { retryAfterOf } from "./retry-after.ts";

/** A case of a failure table: what is known of a failed response, and what it means. All the conditions given must hold. */
export interface FailureRule {
  readonly status?: number;
  /** The provider's own code or type, wherever its bodies carry it; the case of letters does not matter. */
  readonly type?: string | readonly string[];
  /** Tested on the provider's message. */
  readonly message?: RegExp;
  /** Of this provider alone. */
  readonly provider?: string;
  readonly code: ModelErrorCode;
}

/** Who failed, and what must not be repeated. */
export interface FailureContext {
  readonly provider: string;
  readonly model?: string | undefined;
  /** Looked at before the common table. */
  readonly rules?: readonly FailureRule[] | undefined;
  /** Replaced wherever the provider's sentence repeats them. */
  readonly secrets?: readonly string[] | undefined;
  /** Of the response that carried it. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** A response with a status that is no success. */
export interface FailedResponse extends FailureContext {
  readonly status: number;
  /** As much of it as was read. */
  readonly body: string;
}

/**
 * What an HTTP error means: the adapter's own rules first, then the common ones, then the status. The message is the provider's
 * sentence, bounded and without keys.
 *
 * @example
 * const error = failureOf({ status: 429, headers: { "retry-after": "2" }, body: "slow down", provider: "acme" });
 * error.code; // "rate-limit"
 * error.retryAfter; // 2000
 */
export function failureOf(response: FailedResponse): ModelError {
  const { status, body, provider } = response;
  const facts = errorFacts(body, response.headers);
  if (status === 0 || (status >= 300 && status < 400)) return redirected(response);

  const code =
    codeByRules(facts, status, response) ??
    statusFailures.get(status) ??
    (status >= 500 ? "server" : status >= 400 ? "invalid-request" : "unknown");
  return failure(facts.message ?? `${provider} answered with status ${status}.`, code, facts, status, response);
}

/**
 * What an error means that came inside an answer of status 200: an error event of a stream, an error object in place of an answer.
 *
 * @param error - the error as the provider sent it; the whole message around it will do
 */
export function failureInBand(error: Json, context: FailureContext): ModelError {
  const facts = errorFacts(error, context.headers);
  const code =
    codeByRules(facts, facts.status, context) ??
    (facts.status === undefined ? undefined : statusFailures.get(facts.status)) ??
    (facts.types.some((type) => blamesRequest.test(type)) ? "invalid-request" : "server");
  return failure(facts.message ?? `${context.provider} broke off with an error.`, code, facts, facts.status, context);
}

/** Too vague beside a status, good enough without one. */
const blamesRequest = /^(invalid_?request|invalid_argument|bad_?request|validation)/i;

function codeByRules(
  facts: ErrorFacts,
  status: number | undefined,
  context: FailureContext,
): ModelErrorCode | undefined {
  const { provider, rules = [] } = context;
  for (const table of [rules, commonFailures]) {
    for (const rule of table) if (holds(rule, facts, status, provider)) return rule.code;
  }
  return undefined;
}

function holds(rule: FailureRule, facts: ErrorFacts, status: number | undefined, provider: string): boolean {
  if (rule.provider !== undefined && rule.provider !== provider) return false;
  if (rule.status !== undefined && rule.status !== status) return false;
  if (rule.message && !rule.message.test(facts.text)) return false;
  if (rule.type === undefined) return true;
  const types = typeof rule.type === "string" ? [rule.type] : rule.type;
  return types.some((type) => facts.types.includes(type.toLowerCase()));
}

function failure(
  message: string,
  code: ModelErrorCode,
  facts: ErrorFacts,
  status: number | undefined,
  { provider, model, headers = {}, secrets }: FailureContext,
): ModelError {
  return new ModelError(redact(message.slice(0, 4 * longestMessage), secrets).slice(0, longestMessage), {
    code,
    provider,
    model,
    status,
    requestId: requestIdOf(headers) ?? facts.requestId,
    retryAfter: retryAfterOf(headers) ?? facts.retryAfter,
  });
}

const longestMessage = 2000;

/** A redirect is never followed: it would carry the key and the prompt to wherever it says. */
function redirected({ status, headers = {}, provider, model }: FailedResponse): ModelError {
  const location = headers["location"];
  const target = location && URL.canParse(location) ? ` to ${new URL(location).origin}` : "";
  const message = `${provider} redirects${target}, which is not followed: give the final address as the base URL.`;
  return new ModelError(message, {
    code: "invalid-request",
    provider,
    model,
    ...(status > 0 && { status }),
    requestId: requestIdOf(headers),
  });
}
