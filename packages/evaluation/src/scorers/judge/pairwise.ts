import type { Model } from "@plugboard/core";
import type { Scorer, Scores } from "../../scorer.ts";
import { expectedOf } from "../expected.ts";
import { askJudge, textFor, verdictSchema } from "./judge-question.ts";

/** Who judges, against what, by what. */
export interface PairwiseOptions<Row> {
  /** The name of the score. @default "pairwise" */
  readonly name?: string;
  /** Who judges. Its budget, cache and retries are middleware of its own. */
  readonly model: Model;
  /** The answer that each is compared with: that of the model in use, say. `undefined` passes the item over. @default the row's `expected` */
  readonly against?: (row: Row) => string | undefined;
  /** What makes an answer better. @default help, truth and care for what was asked, not length */
  readonly criteria?: string;
}

const usualCriteria =
  "The better answer does what was asked, is true, and leaves nothing needed out. Length, style and order of presentation do not count by themselves.";

type Verdict = "first" | "second" | "tie";
const verdicts: ReadonlySet<unknown> = new Set<Verdict>(["first", "second", "tie"]);

/**
 * Has a model say which is better, the answer or the one that it is held against, twice, with the places swapped, so that a liking for one place
 * cancels out. The score is 1 for an answer that wins both times, 0 for one that loses both, 0.5 for a tie or two verdicts that
 * contradict each other; `pairwiseConsistent` is 1 where both verdicts were the same.
 *
 * @example
 * const against = (row: Row) => row.models["gpt-4o"]?.output ?? undefined;
 * const scorers = [pairwise({ model: anthropic("claude-sonnet-4-5"), against })];
 */
export function pairwise<Row = unknown>(options: PairwiseOptions<Row>): Scorer<Row> {
  const { name = "pairwise", model, criteria = usualCriteria, against } = options;
  const schema = verdictSchema(
    { type: "string", enum: [...verdicts] as Verdict[], description: "Which answer is better." },
    (verdict) => (verdicts.has(verdict) ? (verdict as Verdict) : undefined),
    '"first", "second" or "tie"',
  );
  const system = `You compare two answers to one question.\n\n${criteria}`;
  return {
    name,
    async score({ row, prompt, text, signal }): Promise<Scores> {
      const other = against ? against(row) : expectedOf(row, {});
      if (other === undefined) return undefined;
      const [ours, theirs] = [text, textFor(other)];
      const ask = (first: string, second: string): Promise<Verdict> =>
        askJudge({ model, system, material: { question: prompt, first, second }, schema, signal });
      const [before, after] = await Promise.all([ask(ours, theirs), ask(theirs, ours)]);
      const scores = [worth(before, "first"), worth(after, "second")] as const;
      return { [name]: (scores[0] + scores[1]) / 2, [`${name}Consistent`]: scores[0] === scores[1] };
    },
  };
}

function worth(verdict: Verdict, ours: Verdict): number {
  if (verdict === "tie") return 0.5;
  return verdict === ours ? 1 : 0;
}
