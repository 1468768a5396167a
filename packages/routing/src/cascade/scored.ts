import { ModelError } from "@plugboard/core";
import type { Accept, Acceptor } from "./accept.ts";

/**
 * Trusts an answer whose learned score reaches the threshold.
 *
 * @throws {ModelError} `invalid-request` for a threshold that is no number
 * @example
 * const model = cascade([small, large], { accept: scored(acceptor) });
 */
export function scored(acceptor: Acceptor): Accept {
  if (typeof acceptor.threshold !== "number" || Number.isNaN(acceptor.threshold)) {
    throw new ModelError(`\`threshold\` must be a number; it is ${String(acceptor.threshold)}.`, {
      code: "invalid-request",
    });
  }
  return ({ question, answer }) => {
    const score = acceptor.score(question, answer);
    const accepted = score >= acceptor.threshold; // a score that is no number reaches nothing
    const against = accepted ? "reaches" : "does not reach";
    return { accepted, score, why: `has the score ${score.toFixed(3)}, which ${against} ${acceptor.threshold}` };
  };
}
