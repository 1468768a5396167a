import { ModelError } from "@plugboard/core";
import type { RecordedAnswer } from "../evaluate/evaluation-row.ts";
import type { Score, Scorer } from "../scorer.ts";

/**
 * The score that the dataset gives each of the answers that it carries: a number of the answer, `score` unless told otherwise.
 *
 * @example
 * const run = evaluate({ dataset: jsonl("answers.jsonl.gz"), scorers: [recorded()] });
 */
export function recorded({ field = "score" }: { readonly field?: string } = {}): Scorer {
  return {
    name: field,
    score({ recorded }): Score {
      const value = (recorded as (RecordedAnswer & Readonly<Record<string, unknown>>) | undefined)?.[field];
      if (value == null || typeof value === "number" || typeof value === "boolean") return value ?? undefined;
      throw new ModelError(`\`${field}\` of a recorded answer must be a number; it is ${typeof value}.`, {
        code: "invalid-request",
      });
    },
  };
}
