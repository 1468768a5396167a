import type { FailureRule } from "@plugboard/wire";

/**
 * What Cohere's errors mean where the common table does not know; most of them are a sentence and no more.
 * https://docs.cohere.com/reference/errors
 */
export const failures: readonly FailureRule[] = [
  // A trial key has so many calls a month; no wait worth waiting lifts that. Its limit a minute is a 429 like any other.
  { status: 429, message: /calls? *(\/|per|a) *month/i, code: "quota" },
  { message: /invalid api token/i, code: "auth" },
  { message: /blocked (output|input)|content (was|is) (blocked|toxic)/i, code: "content-filter" },
];
