import { ModelError } from "@plugboard/core";
import type { Answer, Scorer, Scores } from "../../scorer.ts";
import { scoreAnswer } from "../../evaluate/score-answer.ts";

/** How several judges become one. */
export interface PanelOptions {
  /** The name of the score. @default "panel" */
  readonly name?: string;
  /** The mean of the judges, their median, or 1 where more than half of them give more than 0.5. @default "mean" */
  readonly by?: "mean" | "median" | "majority";
  /** How many judges must have judged. @default more than half */
  readonly quorum?: number;
}

/**
 * Several judges as one: of different models, so that a leaning of one of them weighs less. Each judge's own score stands beside as
 * `panel.name`, and how far apart they are as `panelSpread`.
 *
 * @throws {ModelError} `invalid-request` for judges of the same name, or none
 * @example
 * const judges = [judge({ name: "gpt", model: gpt, rubric }), judge({ name: "claude", model: claude, rubric })];
 * const scorers = [panel(judges, { by: "median" })];
 */
export function panel<Row = unknown>(judges: readonly Scorer<Row>[], options: PanelOptions = {}): Scorer<Row> {
  const { name = "panel", by = "mean", quorum = Math.floor(judges.length / 2) + 1 } = options;
  if (judges.length === 0 || new Set(judges.map((judge) => judge.name)).size < judges.length) {
    throw new ModelError("A panel needs judges, each of its own name.", { code: "invalid-request" });
  }
  return {
    name,
    async score(answer: Answer<Row>): Promise<Scores> {
      const { scores, unscored } = await scoreAnswer(judges, answer);
      const given = judges.flatMap((judge) => scores[judge.name] ?? []);
      if (given.length < quorum) {
        if (!unscored) return undefined;
        const why = Object.entries(unscored).map(([judge, reason]) => `${judge}: ${reason}`);
        throw new ModelError(`${given.length} of ${judges.length} judges have judged. ${why.join(" ")}`, {
          code: "unknown",
        });
      }
      const own = judges.map((judge) => [`${name}.${judge.name}`, scores[judge.name]] as const);
      return {
        [name]: ways[by](given),
        [`${name}Spread`]: Math.max(...given) - Math.min(...given),
        ...Object.fromEntries(own),
      };
    },
  };
}

const ways: Readonly<Record<NonNullable<PanelOptions["by"]>, (scores: readonly number[]) => number>> = {
  mean: (scores) => scores.reduce((sum, score) => sum + score, 0) / scores.length,
  median(scores) {
    const sorted = scores.toSorted((left, right) => left - right);
    const middle = Math.floor(sorted.length / 2);
    return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  },
  majority: (scores) => (scores.filter((score) => score > 0.5).length > scores.length / 2 ? 1 : 0),
};
