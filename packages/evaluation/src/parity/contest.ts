import type { Interval } from "@plugboard/statistics";
import type { SettledGate } from "./gate.ts";
import { meanContest } from "./mean-contest.ts";
import { quantileContest } from "./quantile-contest.ts";
import type { Sample } from "./sample-of.ts";

/** Shown, shown not to be, or neither. */
export type Verdict = "pass" | "fail" | "undecided";

/** One gate on one set of items: what can be asked of it. */
export interface Contest {
  /** What is shown at this confidence; each of a pass and a fail is wrong in at most 1 − `confidence` of studies. */
  readonly verdictAt: (confidence: number) => Verdict;
  /** The candidate's figure less the baseline's, in the gate's unit; or by it less 1, where the margin is a share. */
  readonly difference: (confidence: number) => Interval;
  /** Each model's own figure. */
  readonly sides: (confidence: number) => { readonly baseline: Interval; readonly candidate: Interval };
  /** How many more items would likely bring a decision at this confidence, if the truth is what was seen; undefined where that cannot be told. */
  readonly missing: (confidence: number, power: number) => number | undefined;
  /** Why it is undecided, if it is, where that is not for want of items alone. */
  readonly open?: string;
}

/** Why there is no contest, in a sentence, and how many more items one takes, where it is items that are missing. */
export interface NoContest {
  readonly reason: string;
  readonly missing?: number;
}

/** Money and time have no greatest value, and a few of them say little of the next. */
const fewestUnbounded = 20;

/** Items beyond the percentile on its thin side, below which drawing again cannot show what lies there. */
const fewestBeyond = 5;

/** Sets a gate before the items that it is about, if they are enough. */
export function contestOf(gate: SettledGate, sample: Sample): Contest | NoContest {
  const none = noContestOf(gate, sample);
  if (none) return none;
  return gate.quantile === undefined ? meanContest(gate, sample) : quantileContest(gate, gate.quantile, sample);
}

/** Why the items of a sample are not enough, if they are not. */
export function noContestOf(gate: SettledGate, sample: Sample): NoContest | undefined {
  const found = sample.items.length;
  const subject = "score" in gate.subject ? `a score ${JSON.stringify(gate.subject.score)}` : "this figure";
  if (found === 0) return { reason: `No item has ${subject} of both models.` };

  const needed = fewestItems(gate);
  const missing = needed - found;
  if (missing > 0)
    return { reason: `${found} items are too few to say anything of this; ${needed} are the least.`, missing };
  if (sample.clusters && new Set(sample.clusters).size < 2)
    return { reason: "All items are of one cluster, so nothing says how others would be." };
  return undefined;
}

/** Items below which nothing is said. */
export function fewestItems({ quantile, unit }: Pick<SettledGate, "quantile" | "unit">): number {
  if (quantile !== undefined)
    return Math.max(fewestUnbounded, Math.ceil(fewestBeyond / Math.min(quantile, 1 - quantile) - 1e-9));
  return unit === "share" ? 2 : fewestUnbounded;
}
