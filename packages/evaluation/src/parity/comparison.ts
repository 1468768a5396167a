import type { ModelErrorCode } from "@plugboard/core";
import type { Interval } from "@plugboard/statistics";
import type { Verdict } from "./contest.ts";
import type { Statistic } from "./gate.ts";
import type { Unit } from "./measures.ts";

/**
 * Whether a candidate can take a baseline's place, with all that says so. Plain JSON throughout; where a bound or a number is unlimited, JSON has
 * `null`.
 *
 * All intervals have confidence 2 × `confidence` − 1, so that each of their ends by itself holds with `confidence`.
 */
export interface Comparison {
  /**
   * - `pass`: every gate is shown to hold, and no group of items is shown to miss one
   * - `fail`: a gate is shown to be missed, overall or by a group of items
   * - `undecided`: neither; `reasons` and `missing` say what it takes
   */
  readonly verdict: Verdict;
  /** Why it is no pass, a sentence each. */
  readonly reasons: readonly string[];
  /** How many more items would likely decide all gates that are not; 0 if all are; absent if items alone may not, or nobody can tell. */
  readonly missing?: number;
  readonly baseline: string;
  readonly candidate: string;
  readonly confidence: number;
  /** Items that both were asked. */
  readonly items: number;
  readonly gates: readonly GateResult[];
  /** Each gate by each group of items, by the groupings of `segments`. */
  readonly groups: readonly GroupResult[];
  /** The items that became worst, the worst first. */
  readonly regressions: readonly Regression[];
  /** How many items became worse by some score, shown in `regressions` or not. */
  readonly regressed: number;
  /** Every model that there are measurements of, the baseline and the candidate first. */
  readonly models: readonly ComparedModel[];
  readonly coverage: Coverage;
  /** Where `parity` might stop early. Then intervals and verdicts are such as may be looked at after every item. */
  readonly early?: EarlyEnd;
}

/** How far a comparison went that stops as soon as it is decided. */
export interface EarlyEnd {
  /** Rows of the dataset. */
  readonly rows: number;
  /** Rows that nobody was asked, since the verdict was there. */
  readonly saved: number;
}

/** What one gate came to. */
export interface GateResult {
  readonly name: string;
  readonly verdict: Verdict;
  /** Why it is undecided, where that is not for want of items alone. */
  readonly reason?: string;
  readonly kind: "score" | "measure";
  /** The scorer's name, or the measure's. */
  readonly subject: string;
  readonly statistic: Statistic;
  readonly unit: Unit;
  readonly better: "higher" | "lower" | "same";
  readonly where: Readonly<Record<string, string>>;
  /** In the unit; if `relative`, a share of the baseline's figure: 0.1 is 10 %. */
  readonly margin: number;
  readonly relative: boolean;
  /** Items that both models have a figure of. */
  readonly items: number;
  /** How many more items would likely decide; 0 once decided; absent where nobody can tell. */
  readonly missing?: number;
  /** The candidate's figure less the baseline's; if `relative`, by it less 1. Absent where there are too few items. */
  readonly difference?: Interval;
  readonly figures?: { readonly baseline: Interval; readonly candidate: Interval };
  /** On how many items the candidate's figure is better, the same, or worse. */
  readonly tally: { readonly better: number; readonly same: number; readonly worse: number };
  /** Items that one model answered and that yet have no figure of it, so that they are left out. */
  readonly unjudged: { readonly baseline: Names; readonly candidate: Names };
}

/** What one gate comes to on one group of items. */
export interface GroupResult {
  readonly gate: string;
  /** The grouping, and the group: `language`, `de`. */
  readonly segment: string;
  readonly group: string;
  readonly items: number;
  /** `fail` after correction for all groups and gates that were tested; `pass` and `undecided` are without one, since nothing hangs on them. */
  readonly verdict: Verdict;
  readonly difference?: Interval;
  readonly missing?: number;
}

/** An item that became worse. */
export interface Regression {
  readonly item: string;
  readonly prompt?: string;
  readonly segments: Readonly<Record<string, string>>;
  /** The gates whose score fell, the most first. Scores are means of repeats. */
  readonly drops: readonly { readonly gate: string; readonly baseline: number; readonly candidate: number }[];
  /** Of several repeats the baseline's best answer and the candidate's worst, by the gate that fell most. */
  readonly baseline: ShownAnswer;
  readonly candidate: ShownAnswer;
}

/** What a model said, or why it said nothing. */
export interface ShownAnswer {
  readonly output?: string;
  readonly error?: { readonly code: ModelErrorCode; readonly message: string };
}

/** How one model does on the items that baseline and candidate were both asked. */
export interface ComparedModel {
  readonly model: string;
  readonly items: number;
  /** Of the first gate that has a score. */
  readonly quality?: Interval;
  /** Nano-dollars an item, on average. */
  readonly cost?: Interval;
  /** That no other model has both a better quality and a lower cost, by the estimates; whether one *is* better, only a gate's test says. */
  readonly isOnFront?: boolean;
  /** Calls without an answer, by their code. */
  readonly errors: Readonly<Record<string, number>>;
}

/** What was compared with what, and what was left out. */
export interface Coverage {
  readonly paired: number;
  readonly onlyBaseline: Names;
  readonly onlyCandidate: Names;
  /** Lines that a later one of the same item, model and repeat took the place of. */
  readonly superseded: number;
  readonly clusters?: number;
  /** The most answers that one model gave to one item. */
  readonly repeats: number;
  /** Groupings that were not tested, since they have one group or too many. */
  readonly untestedSegments: readonly string[];
}

/** How many, and the names of the first of them. */
export interface Names {
  readonly count: number;
  readonly first: readonly string[];
}
