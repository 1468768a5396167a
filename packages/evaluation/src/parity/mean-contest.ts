import { equivalence, meanInterval, nonInferiority, pairedDifference } from "@plugboard/statistics";
import type { Bounds, Interval, NonInferiority, PairedScores } from "@plugboard/statistics";
import type { Contest, Verdict } from "./contest.ts";
import type { SettledGate } from "./gate.ts";
import { meanOf } from "./mean-of.ts";
import type { Sample } from "./sample-of.ts";
import { shareBounds } from "./share-bounds.ts";

/** What a test, or two, against too much and against too little, come to. */
type Judged = Pick<NonInferiority, "verdict" | "missing"> & Partial<Pick<NonInferiority, "difference">>;

/** How sure a verdict, and the plan for more items, is to be. */
interface Sureness {
  readonly confidence: number;
  readonly power: number;
}

/**
 * Compares means, paired by item: repeats are averaged first, so that an item counts once however often it was asked.
 *
 * A margin in the unit of the figures is that of `nonInferiority` and `equivalence`. A margin that is a share moves the baseline instead: "at
 * most 10 % more" is "candidate less 1.1 × baseline is at most 0", item by item, which is the same test without a ratio of noisy numbers (Fieller,
 * Some problems in interval estimation, JRSS B 16, 1954); the interval is all ratios that it does not reject.
 */
export function meanContest(gate: SettledGate, sample: Sample): Contest {
  const [baseline, candidate] = [sample.baseline.map(meanOf), sample.candidate.map(meanOf)];
  const clusters = sample.clusters && { clusters: sample.clusters };
  const boundsOf = (values: readonly number[]): Bounds => (gate.unit === "share" ? shareBounds(values) : [0, Infinity]);
  const bounds = boundsOf(candidate.map((figure, place) => figure - baseline[place]!));
  const scores: PairedScores = { baseline, candidate, bounds, ...clusters };
  // An exact test of right and wrong answers takes milliseconds, and the same is asked more than once.
  const known = new Map<string, Judged>();
  const judge = (confidence: number, power = 0.8): Judged => {
    const key = `${confidence} ${power}`;
    let judged = known.get(key);
    if (!judged)
      known.set(key, (judged = (gate.relative ? judgeShare : judgeDifference)(gate, scores, { confidence, power })));
    return judged;
  };
  return {
    verdictAt: (confidence) => judge(confidence).verdict,
    difference: (confidence) =>
      gate.relative
        ? ratioInterval(scores, confidence, (share) => pairedDifference(scaled(scores, share), { confidence }))
        : judge((1 + confidence) / 2).difference!,
    sides: (confidence) => ({
      baseline: meanInterval(baseline, { ...clusters, bounds: boundsOf(baseline), confidence }),
      candidate: meanInterval(candidate, { ...clusters, bounds: boundsOf(candidate), confidence }),
    }),
    missing: (confidence, power) => {
      const { missing } = judge(confidence, power);
      return Number.isFinite(missing) ? missing : undefined;
    },
  };
}

function judgeDifference({ better, margin }: SettledGate, scores: PairedScores, sureness: Sureness): Judged {
  return better === "same"
    ? equivalence({ ...scores, ...sureness, margin })
    : nonInferiority({ ...scores, ...sureness, margin, better });
}

function judgeShare({ better, margin }: SettledGate, scores: PairedScores, sureness: Sureness): Judged {
  const against = (share: number, better: "higher" | "lower"): Judged =>
    nonInferiority({ ...scaled(scores, share), ...sureness, better, margin: 0 });
  if (better === "higher") return against(1 - margin, "higher");
  if (better === "lower") return against(1 + margin, "lower");
  return both(against(1 - margin, "higher"), against(1 + margin, "lower"));
}

/** Within both lines, or beyond one. */
function both(left: Judged, right: Judged): Judged {
  const verdicts = new Set([left.verdict, right.verdict]);
  const verdict: Verdict = verdicts.has("fail") ? "fail" : verdicts.has("undecided") ? "undecided" : "pass";
  return { verdict, missing: verdict === "undecided" ? Math.max(left.missing, right.missing) : 0 };
}

function scaled(scores: PairedScores, share: number): PairedScores {
  return { ...scores, baseline: scores.baseline.map((figure) => share * figure) };
}

/**
 * Candidate by baseline, less 1: all ratios that are not rejected by the interval of what the candidate is more than so many times the baseline.
 * Unbounded on a side where the baseline's mean may be 0 for all that is known.
 */
export function ratioInterval(
  { baseline, candidate }: Pick<PairedScores, "baseline" | "candidate">,
  confidence: number,
  difference: (share: number) => Interval,
): Interval {
  const ratio = meanOf(candidate) / meanOf(baseline);
  if (!Number.isFinite(ratio)) return { estimate: ratio, lower: -1, upper: Infinity, confidence };

  const lower = lastThat((share) => difference(share).lower > 0, 0, ratio);
  let beyond = Math.max(2 * ratio, 1);
  while (beyond < 1e6 && difference(beyond).upper >= 0) beyond *= 2;
  const upper = beyond < 1e6 ? -lastThat((share) => difference(-share).upper < 0, -beyond, -ratio) : Infinity;
  return { estimate: ratio - 1, lower: lower - 1, upper: upper - 1, confidence };
}

/** Where `holds`, true on the left, ends. */
function lastThat(holds: (value: number) => boolean, left: number, right: number): number {
  let [low, high] = [left, right];
  for (let step = 0; step < 40 && high - low > 1e-7 * Math.abs(high); step++) {
    const middle = (low + high) / 2;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return low;
}
