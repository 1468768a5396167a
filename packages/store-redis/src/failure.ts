import { ModelError } from "@plugboard/core";
import type { ModelErrorCode } from "@plugboard/core";

/** What the kind of a refusal means; any other is `server`. */
const refusals: Readonly<Record<string, ModelErrorCode>> = {
  NOAUTH: "auth",
  WRONGPASS: "auth",
  NOPERM: "permission",
};

/** What a client fails with, as one of our errors. */
export function failure(error: unknown, what: string): ModelError {
  if (error instanceof ModelError) return error;
  const [message, kind] = [messageOf(error), refusalOf(error)];
  return kind === undefined
    ? new ModelError(`Redis could not be reached for ${what}: ${message}`, { code: "network", cause: error })
    : new ModelError(`Redis refused ${what}: ${message}`, { code: refusals[kind] ?? "server", cause: error });
}

/** The kind of a refusal: a reply of the server begins with it, in capitals; what a client says does not. */
export function refusalOf(error: unknown): string | undefined {
  return /^[A-Z]{2,}(?= )/.exec(messageOf(error))?.[0];
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
