import type { ModelReply } from "@plugboard/core";

/** Whether what a call gave is a chat model's reply, which ends later, rather than a result that is whole. */
export function isReply(value: unknown): value is ModelReply {
  return typeof value === "object" && value !== null && "onEnd" in value && "pull" in value;
}
