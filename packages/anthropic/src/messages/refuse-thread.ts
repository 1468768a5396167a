import type { Json } from "@plugboard/core";
import { ModelError } from "@plugboard/core";
import { objectOf } from "@plugboard/wire";

/** By these details, Anthropic's clients know that a thread is lost, and send the whole conversation again as a new one. */
export const threadNotFound = { error_code: "thread_not_found" } as const;

/**
 * A thread is a conversation that the server keeps (beta, 2026-08-12), of which a client sends what is new alone. Nothing is kept here: one
 * that begins is answered like any other request, since all of it is there.
 *
 * @throws {ModelError} `not-found` for one that goes on
 */
export function refuseThread(thread: Json | undefined): void {
  if (objectOf(thread)?.["type"] !== "continue") return;
  throw new ModelError("thread: nothing is kept here: send the whole conversation.", {
    code: "not-found",
    cause: threadNotFound,
  });
}
