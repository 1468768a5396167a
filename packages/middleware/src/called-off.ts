import { ModelError } from "@plugboard/core";

/** What an aborted signal means to whoever waits: a clock of ours, a timeout of the caller's, or that nobody wants it. */
export function calledOff(signal: AbortSignal): ModelError {
  const cause: unknown = signal.reason;
  if (cause instanceof ModelError) return cause;
  if (cause instanceof Error && cause.name === "TimeoutError") {
    return new ModelError("The time given ran out.", { code: "timeout", phase: "total", cause });
  }
  return new ModelError("The call was called off.", { code: "aborted", cause });
}
