import type { FailureRule } from "@plugboard/wire";

/**
 * What Ollama says in its own words. Statuses alone are the common table's.
 *
 * The sentences are from ollama/ollama (`llm/llama_server.go`, `server/routes.go`, `server/sched.go`) and, for its cloud, from
 * ollama/ollama#16448 and continuedev/continue#11444: there a spent plan is a 429 like any other, and only its words tell.
 */
export const failures: readonly FailureRule[] = [
  { message: /(session|weekly|monthly) usage limit/i, code: "quota" },
  {
    message: /prompt too long|prompt is longer than the context|exceed\w* (the )?(max(imum)? |available )?context/i,
    code: "context-length",
  },
  { message: /server busy|maximum pending requests/i, code: "overloaded" },
  { message: /model .*not found|try pulling it first/i, code: "not-found" },
  { message: /does not support (tools|thinking|vision|images?|insert|chat|completion)/i, code: "invalid-request" },
  { message: /^unauthorized\b/i, code: "auth" },
];
