import type { ModelErrorOptions } from "@plugboard/core";
import { ModelError } from "@plugboard/core";

interface NetworkContext {
  readonly provider: string;
  readonly model: string;
  readonly url: string;
  readonly requestId?: string | undefined;
  /** The transport saw that no socket was connected. */
  readonly unconnected?: boolean;
}

/** The request provably never reached the provider. */
const neverReached: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EAI_FAIL",
  "EHOSTUNREACH",
  "EHOSTDOWN",
  "ENETUNREACH",
  "ENETDOWN",
  "EADDRNOTAVAIL",
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "ERR_TLS_CERT_ALTNAME_INVALID",
]);

/** What broke under a request, as an error of ours: `network`, or `timeout` where a clock of the transport ran out. */
export function networkFailure(cause: unknown, context: NetworkContext): ModelError {
  if (cause instanceof ModelError) return cause;
  dropBytes(cause);
  const { provider, model, url, requestId, unconnected = false } = context;
  const code = codeOf(cause);
  const failure = (text: string, options: Pick<ModelErrorOptions, "code" | "phase">): ModelError =>
    new ModelError(`${text} ${hostOf(url)}${code ? ` (${code})` : ""}.`, {
      ...options,
      cause,
      provider,
      model,
      requestId,
    });

  if (code === "UND_ERR_CONNECT_TIMEOUT" || (code === "ETIMEDOUT" && unconnected)) {
    return failure("No connection in time to", { code: "timeout", phase: "connect" });
  }
  if (code === "UND_ERR_HEADERS_TIMEOUT")
    return failure("No headers in time from", { code: "timeout", phase: "headers" });
  if (code === "UND_ERR_BODY_TIMEOUT") return failure("No more data in time from", { code: "timeout", phase: "idle" });
  if (nameOf(cause) === "TimeoutError")
    return failure("The time given ran out waiting for", { code: "timeout", phase: "total" });
  if (nameOf(cause) === "AbortError") return failure("The transport called off the request to", { code: "aborted" });
  if (unconnected || (code !== undefined && neverReached.has(code))) {
    return failure("Could not connect to", { code: "network", phase: "connect" });
  }
  return failure("The connection broke to", { code: "network" });
}

/** The code may stand on the error, its causes, or the members of an `AggregateError` (one for each address tried). */
function codeOf(error: unknown, depth = 0): string | undefined {
  if (typeof error !== "object" || error === null || depth > 5) return undefined;
  const { code, cause, errors } = error as { code?: unknown; cause?: unknown; errors?: unknown };
  if (typeof code === "string") return code;
  return codeOf(cause, depth + 1) ?? (Array.isArray(errors) ? codeOf(errors[0], depth + 1) : undefined);
}

/** Parsers of HTTP put what they could not read on their errors: an answer, or what it repeats of the request. */
function dropBytes(error: unknown, depth = 0): void {
  if (typeof error !== "object" || error === null || depth > 5) return;
  const { code, name, cause } = error as { code?: unknown; name?: unknown; cause?: unknown };
  if (String(code).startsWith("HPE_") || name === "HTTPParserError") {
    for (const member of ["rawPacket", "data"]) Reflect.deleteProperty(error, member);
  }
  dropBytes(cause, depth + 1);
}

function nameOf(error: unknown): string | undefined {
  return error instanceof Error ? error.name : undefined;
}

/** Host and port alone: a path may name a deployment, a query may hold a key. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : "the provider";
}
