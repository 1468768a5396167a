import { checkOption } from "@plugboard/core";
import type { Model } from "@plugboard/core";
import type { Score, Scorer } from "../../scorer.ts";
import { expectedOf } from "../expected.ts";
import type { ExpectedOptions } from "../expected.ts";
import { askJudge, textFor, verdictSchema } from "./judge-question.ts";

/** Who judges, by what. */
export interface JudgeOptions<Row> extends ExpectedOptions<Row> {
  /** The name of the score. @default "judge" */
  readonly name?: string;
  /** Who judges. Its budget, cache and retries are middleware of its own. */
  readonly model: Model;
  /** What makes an answer good, and what each grade stands for. */
  readonly rubric: string;
  /** The best grade; the worst is 1. @default 10 */
  readonly grades?: number;
}

/**
 * Has a model grade the answer by a rubric, from 1 to `grades`; the score is the grade from 0 to 1. The judge sees the question, the answer,
 * and what is expected where the row says it, and gives its reasons before the grade.
 *
 * A judge is an instrument: hold it against people first, with `agreement()`.
 *
 * @example
 * const rubric = "5: answers the question with the right facts. 3: right, but with needless words. 1: wrong.";
 * const scorers = [judge({ model: openai("gpt-4o").with(cache()), rubric, grades: 5 })];
 */
export function judge<Row = unknown>({
  name = "judge",
  model,
  rubric,
  grades = 10,
  ...options
}: JudgeOptions<Row>): Scorer<Row> {
  checkOption("grades", grades, { least: 2, most: 1000, whole: true });
  const schema = verdictSchema(
    { type: "integer", description: `From 1, the worst, to ${grades}, the best.` },
    (verdict) =>
      Number.isInteger(verdict) && Number(verdict) >= 1 && Number(verdict) <= grades ? Number(verdict) : undefined,
    `a whole number from 1 to ${grades}`,
  );
  const system = `You grade answers from 1, the worst, to ${grades}, the best, by this rubric:\n\n${rubric}`;
  return {
    name,
    async score({ row, prompt, text, signal }): Promise<Score> {
      const expected = expectedOf(row, options);
      const material = {
        question: prompt,
        answer: text,
        ...(expected !== undefined && { expected: textFor(expected) }),
      };
      const grade = await askJudge({ model, system, material, schema, signal });
      return (grade - 1) / (grades - 1);
    },
  };
}
