import { ModelError } from "@plugboard/core";
import { Refusal } from "./refusal.ts";

/** For a body longer than `most` bytes. */
export function tooLong(most: number): Refusal {
  const message = `The body must be at most ${most} bytes long.`;
  return new Refusal(413, new ModelError(message, { code: "invalid-request" }), true);
}
