import { ClusterTotals, runningMean, sequentialNonInferiority } from "@plugboard/statistics";
import type { Interval, SequentialNonInferiority } from "@plugboard/statistics";
import { fewestItems } from "./contest.ts";
import type { Contest, NoContest, Verdict } from "./contest.ts";
import type { SettledGate } from "./gate.ts";
import { meanOf } from "./mean-of.ts";
import type { PairedItem } from "./pair-items.ts";
import { groups, runningContest } from "./running-contest.ts";
import { factorsOf, fewestClusters, judgeRunning, levelsOf } from "./running-gate.ts";
import { sampleOf } from "./sample-of.ts";
import type { Applies, Sample } from "./sample-of.ts";

/** How sure verdicts are to be, of how many gates, and how many items may lack a side. */
export interface EarlyTerms {
  readonly confidence: number;
  readonly gates: number;
  readonly tolerance: number;
}

/** One direction in which a candidate may be worse: a test that passes with `confidence`, and one that fails by what is left for each of the gates. */
interface Bet {
  readonly pass: SequentialNonInferiority;
  readonly fail: SequentialNonInferiority;
  verdict: Verdict;
}

/**
 * A gate that is looked at after every item, and decided as soon as it can be.
 *
 * Scores of items that stand by themselves are bet on (`sequentialNonInferiority`: exact, whatever the scores are like). Means of time and money,
 * margins in percent and items in clusters are judged by running intervals (`runningMean`: approximate).
 */
export class EarlyGate {
  readonly gate: SettledGate;
  readonly #terms: EarlyTerms;
  readonly #bets: readonly Bet[];
  readonly #totals: ReadonlyMap<number, ClusterTotals>;
  #items = 0;
  #unjudged = 0;
  #isClustered = false;
  /** Whether every answered item so far has the score; undefined while there is none. */
  #isEverywhere: boolean | undefined;
  #verdict: Verdict = "undecided";

  constructor(gate: SettledGate, terms: EarlyTerms) {
    this.gate = gate;
    this.#terms = terms;
    this.#bets =
      gate.unit === "share" && !gate.relative ? directionsOf(gate).map((better) => betOn(gate, better, terms)) : [];
    this.#totals = new Map(factorsOf(gate).map((factor) => [factor, new ClusterTotals(groups)]));
  }

  /** Once it is `pass` or `fail` it stays so, unless too many items come to lack a side. */
  get verdict(): Verdict {
    const isInDoubt = this.#unjudged > this.#terms.tolerance * (this.#items + this.#unjudged);
    return this.#verdict === "pass" && isInDoubt ? "undecided" : this.#verdict;
  }

  add(item: PairedItem): void {
    const { baseline, candidate, unjudged } = sampleOf(this.gate, [item], this.#applies);
    this.#unjudged += unjudged.baseline.length + unjudged.candidate.length;
    if (baseline.length === 0) return;
    const [before, after] = [meanOf(baseline[0]!), meanOf(candidate[0]!)];
    this.#items += 1;
    this.#isClustered ||= item.cluster !== undefined;
    const key = item.cluster === undefined ? `item ${item.item}` : `cluster ${item.cluster}`;
    for (const [factor, totals] of this.#totals) totals.add(key, after - factor * before);
    for (const bet of this.#bets) betOnItem(bet, before, after, this.#terms.confidence);
    if (this.#verdict === "undecided") this.#verdict = this.#isBetOn ? verdictOf(this.#bets) : this.#running();
  }

  /** What it comes to on the items so far. */
  contestOn(sample: Sample, open: string): Contest | NoContest {
    const contest = runningContest(this.gate, sample, this.#isBetOn ? 2 : fewestClusters);
    if ("reason" in contest) return contest;
    const [bet, other] = this.#bets;
    return {
      ...contest,
      verdictAt: () => this.#verdict,
      ...(this.#isBetOn && bet && !other && { difference: () => bet.pass.difference() }),
      open,
    };
  }

  get #isBetOn(): boolean {
    return this.#bets.length > 0 && !this.#isClustered;
  }

  #running(): Verdict {
    const { gate } = this;
    if (this.#items < fewestItems(gate) || this.#totals.values().next().value!.clusters < fewestClusters)
      return "undecided";
    const between = (factor: number, confidence: number): Interval | undefined =>
      runningMean(this.#totals.get(factor)!, { confidence, ...(gate.unit === "share" && { bounds: [-1, 1] }) });
    return judgeRunning(gate, between, levelsOf(this.#terms.confidence, this.#terms.gates));
  }

  /** As `applicability` says it of all items, of those so far. */
  readonly #applies: Applies = (score, { baseline, candidate }) => {
    const answered = [...baseline, ...candidate].filter(({ error }) => !error);
    if (answered.length === 0) return this.#isEverywhere === true;
    const isAbout = answered.some(({ scores }) => Object.hasOwn(scores, score));
    this.#isEverywhere = isAbout && this.#isEverywhere !== false;
    return isAbout;
  };
}

function directionsOf({ better }: SettledGate): readonly ("higher" | "lower")[] {
  return better === "same" ? ["higher", "lower"] : [better];
}

function betOn({ margin }: SettledGate, better: "higher" | "lower", { confidence, gates }: EarlyTerms): Bet {
  return {
    pass: sequentialNonInferiority({ margin, better, confidence }),
    fail: sequentialNonInferiority({ margin, better, confidence: 1 - (1 - confidence) / gates }),
    verdict: "undecided",
  };
}

function betOnItem(bet: Bet, before: number, after: number, confidence: number): void {
  const { pValue } = bet.pass.add(before, after);
  const { verdict } = bet.fail.add(before, after);
  if (bet.verdict !== "undecided") return;
  if (verdict === "fail") bet.verdict = "fail";
  else if (pValue <= 1 - confidence) bet.verdict = "pass";
}

function verdictOf(bets: readonly Bet[]): Verdict {
  if (bets.some(({ verdict }) => verdict === "fail")) return "fail";
  return bets.every(({ verdict }) => verdict === "pass") ? "pass" : "undecided";
}
