import type { ModelErrorCode } from "@plugboard/core";
import type { FailureRule } from "./failure.ts";

/**
 * What providers say of their failures, in the order in which it is believed. Their codes are distinct enough to stand in one table;
 * a row that would be wrong elsewhere names its provider.
 */
export const commonFailures: readonly FailureRule[] = [
  // A bad key is a 400 at Google and xAI, a 403 at AWS.
  {
    type: [
      "API_KEY_INVALID",
      "invalid_api_key",
      "authentication_error",
      "UNAUTHENTICATED",
      "UnrecognizedClientException",
      "ExpiredTokenException",
      "InvalidSignatureException",
      "IncompleteSignatureException",
      "MissingAuthenticationTokenException",
    ],
    code: "auth",
  },
  { status: 400, message: /(incorrect|invalid|missing) api[ _-]?key|api key (not valid|expired)/i, code: "auth" },

  // Google calls its limits a minute a quota; waiting helps.
  { status: 429, type: "RESOURCE_EXHAUSTED", code: "rate-limit" },

  // An account that is spent: waiting does not help, whatever the status.
  {
    type: [
      "insufficient_quota",
      "project_spend_limit_exceeded",
      "billing_hard_limit_reached",
      "enforced_spend_limit_reached",
      "billing_not_active",
      "billing_error",
      "ServiceQuotaExceededException",
    ],
    code: "quota",
  },
  {
    message:
      /credit balance is too low|insufficient (balance|credits|funds)|exceeded your current quota|spend(ing)? limit/i,
    code: "quota",
  },
  { status: 402, code: "quota" },

  {
    type: [
      "context_length_exceeded",
      "exceed_context_size_error",
      "TOO_MANY_TOKENS",
      "too_many_prompt_tokens",
      "model_context_window_exceeded",
    ],
    code: "context-length",
  },
  {
    message: new RegExp(
      [
        "prompt (is )?too long", // Anthropic, Ollama
        "exceed(s|ed)? (the )?context (limit|window|length)", // Anthropic
        "exceeds the context window", // OpenAI Responses
        "input token count .{0,40}exceeds", // Google
        "input tokens exceeded|input is too long", // Bedrock
        "too many tokens: ", // Cohere; without the colon it is a limit a minute at Bedrock
        "maximum context length", // vLLM, DeepSeek, OpenRouter
        "context length is only", // vLLM 0.16
        "exceeds the available context size|context size has been exceeded", // llama.cpp
        "tokens` \\+ `max_new_tokens` must be <=", // Text Generation Inference
        "exceeds? .{0,20}max(imum)? context", // Ollama cloud
      ].join("|"),
      "i",
    ),
    code: "context-length",
  },
  // Groq names a request that is larger than the limit a minute a rate limit: it will never pass.
  { status: 413, code: "invalid-request" },

  {
    type: [
      "content_filter",
      "content_policy_violation",
      "ResponsibleAIPolicyViolation",
      "moderation_blocked",
      "data_inspection_failed",
      "invalid_prompt",
    ],
    code: "content-filter",
  },

  {
    type: [
      "overloaded_error",
      "engine_overloaded",
      "server_is_overloaded",
      "service_unavailable_error",
      "unavailable_error",
      "UNAVAILABLE",
      "ServiceUnavailableException",
      "ModelNotReadyException",
      "insufficient_system_resource",
    ],
    code: "overloaded",
  },
  {
    type: [
      "rate_limit_exceeded",
      "rate_limit_error",
      "rate_limited",
      "too_many_requests",
      "ThrottlingException",
      "slow_down",
      "RateLimitReached",
    ],
    code: "rate-limit",
  },
  {
    type: [
      "model_not_found",
      "not_found_error",
      "NotFoundError",
      "NOT_FOUND",
      "DeploymentNotFound",
      "ResourceNotFoundException",
    ],
    code: "not-found",
  },
  // Bedrock: a ValidationException like any other but for its sentence.
  { status: 400, message: /model identifier is invalid/i, code: "not-found" },
  { type: ["permission_error", "PERMISSION_DENIED", "AccessDeniedException"], code: "permission" },
  { type: ["timeout_error", "DEADLINE_EXCEEDED", "ModelTimeoutException"], code: "timeout" },
  {
    type: [
      "server_error",
      "api_error",
      "internal_error",
      "internal_server_error",
      "InternalServerError",
      "InternalServerException",
      "INTERNAL",
      "ModelErrorException",
      "ModelStreamErrorException",
    ],
    code: "server",
  },
];

/** What a status means by itself. Others of the 400s are `invalid-request`, of the 500s `server`. */
export const statusFailures: ReadonlyMap<number, ModelErrorCode> = new Map<number, ModelErrorCode>([
  [401, "auth"],
  [403, "permission"],
  [404, "not-found"],
  [408, "timeout"],
  [409, "server"], // a conflict over a lock: it passes
  [410, "not-found"],
  [424, "server"],
  [425, "server"],
  [429, "rate-limit"],
  [451, "permission"],
  [498, "auth"], // Cohere: invalid token
  [499, "aborted"],
  [503, "overloaded"],
  [504, "timeout"],
  [522, "timeout"], // Cloudflare: the origin was not reached, or took too long
  [524, "timeout"],
  [529, "overloaded"],
  // For errors inside an answer, which have no status but the one they name.
  [400, "invalid-request"],
  [413, "invalid-request"],
  [422, "invalid-request"],
]);
