import type { Warning } from "@plugboard/core";
import type { Loss } from "./format.ts";

/** What a reader warned of, as a loss. */
export function lossOf({ code, path = "", message }: Warning): Loss {
  return { path, what: code, why: message };
}
