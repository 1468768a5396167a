import { ModelError } from "@plugboard/core";

/** By these details, Anthropic's clients know that they have to send the whole conversation instead, and do. */
export const unsupportedThread = { error_code: "thread_unsupported_request", unsupported: ["thread"] } as const;

/** A thread is a conversation that the server keeps and clients send only what is new of: nothing is kept here. */
export function threadsRefused(): ModelError {
  return new ModelError("thread: must be left out, since nothing is kept here: send the whole conversation.", {
    code: "invalid-request",
    cause: unsupportedThread,
  });
}
