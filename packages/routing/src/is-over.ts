import type { CallOptions } from "@plugboard/core";

/** Whether nobody waits for an answer any more. */
export function isOver({ signal, deadline }: CallOptions): boolean {
  return signal?.aborted === true || (deadline !== undefined && Date.now() >= deadline);
}
