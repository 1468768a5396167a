import { itemsToAdd, quantileOf, seededRandom } from "@plugboard/statistics";
import type { Interval, RandomSource } from "@plugboard/statistics";
import type { Contest } from "./contest.ts";
import type { SettledGate } from "./gate.ts";
import type { Sample } from "./sample-of.ts";

/** Answers of one model, from the least to the most, and which unit each belongs to: what can be drawn again without sorting again. */
interface Sorted {
  readonly figures: Float64Array;
  readonly owners: Uint32Array;
}

/** Draws are of so many figures in all at most, so that a hundred thousand items take seconds. */
const effort = 5e7;

/**
 * Compares percentiles by drawing items again, each with both models' figures: the percentile bootstrap of `pairedBootstrap`.
 *
 * All repeats count, since a mean of repeats has no tail; what is drawn is an item, or its cluster, with all its repeats.
 */
export function quantileContest(gate: SettledGate, quantile: number, sample: Sample): Contest {
  const units = unitsOf(sample);
  const before = sortedOf(sample.baseline, units.of);
  const after = sortedOf(sample.candidate, units.of);
  const compare = (baseline: number, candidate: number): number =>
    gate.relative ? candidate / baseline - 1 : candidate - baseline;
  const sides = [quantileOf([...before.figures], quantile), quantileOf([...after.figures], quantile)] as const;
  const estimate = compare(...sides);
  const pairs = resample(units.count, before, after, quantile);
  const drawn = pairs.map(([baseline, candidate]) => compare(baseline, candidate)).toSorted(upwards);
  const [drawnBefore, drawnAfter] = [pairs.map(([figure]) => figure), pairs.map(([, figure]) => figure)];

  const difference: Contest["difference"] = (confidence) => middleOf(drawn, estimate, confidence);
  const verdictAt: Contest["verdictAt"] = (confidence) => {
    const { lower, upper } = difference(2 * confidence - 1);
    const [least, most] = linesOf(gate);
    if (lower >= least && upper <= most) return "pass";
    return upper < least || lower > most ? "fail" : "undecided";
  };
  return {
    difference,
    verdictAt,
    sides: (confidence) => ({
      baseline: middleOf(drawnBefore.toSorted(upwards), sides[0], confidence),
      candidate: middleOf(drawnAfter.toSorted(upwards), sides[1], confidence),
    }),
    missing(confidence, power) {
      if (verdictAt(confidence) !== "undecided") return 0;
      const missing = itemsToAdd({
        items: sample.items.length,
        estimate,
        standardError: deviationOf(drawn),
        lines: linesOf(gate),
        confidence,
        power,
      });
      return Number.isFinite(missing) ? missing : undefined;
    },
  };
}

/** What lies between the tails of what was drawn. */
function middleOf(drawn: readonly number[], estimate: number, confidence: number): Interval {
  const tail = (1 - confidence) / 2;
  return { estimate, lower: quantileOf(drawn, tail), upper: quantileOf(drawn, 1 - tail), confidence };
}

function upwards(left: number, right: number): number {
  return left - right;
}

/** Between which differences a pass lies. */
function linesOf({ better, margin }: SettledGate): readonly [least: number, most: number] {
  return [better === "lower" ? -Infinity : -margin, better === "higher" ? Infinity : margin];
}

function unitsOf({ clusters, items }: Sample): { readonly of: readonly number[]; readonly count: number } {
  if (!clusters) return { of: items.map((_, place) => place), count: items.length };
  const numbers = new Map<string, number>();
  const of = clusters.map((cluster) => {
    const number = numbers.get(cluster) ?? numbers.size;
    numbers.set(cluster, number);
    return number;
  });
  return { of, count: numbers.size };
}

function sortedOf(figures: readonly (readonly number[])[], units: readonly number[]): Sorted {
  const all = figures.flatMap((repeats, place) => repeats.map((figure) => ({ figure, owner: units[place]! })));
  all.sort((left, right) => left.figure - right.figure);
  return {
    figures: Float64Array.from(all, ({ figure }) => figure),
    owners: Uint32Array.from(all, ({ owner }) => owner),
  };
}

/** Both models' percentiles in many samples: how often each unit was drawn, and a walk along the sorted figures. */
function resample(
  units: number,
  before: Sorted,
  after: Sorted,
  quantile: number,
  random: RandomSource = seededRandom(1),
): [number, number][] {
  const size = units + before.figures.length + after.figures.length;
  const times = Math.round(Math.min(4000, Math.max(400, effort / size)));
  const counts = new Uint32Array(units);
  return Array.from({ length: times }, () => {
    counts.fill(0);
    for (let draw = 0; draw < units; draw++) counts[Math.floor(random() * units)]! += 1;
    return [weightedQuantile(before, counts, quantile), weightedQuantile(after, counts, quantile)];
  });
}

/** `quantileOf` of figures that each stand there as often as their owner was drawn. */
function weightedQuantile({ figures, owners }: Sorted, counts: Uint32Array, quantile: number): number {
  let total = 0;
  for (const owner of owners) total += counts[owner]!;
  const rank = (total - 1) * quantile;
  const below = Math.floor(rank);
  let seen = 0;
  let lower: number | undefined;
  for (let place = 0; place < figures.length; place++) {
    seen += counts[owners[place]!]!;
    if (lower === undefined && seen > below) lower = figures[place]!;
    if (lower !== undefined && seen > below + 1) return lower + (rank - below) * (figures[place]! - lower);
  }
  return lower ?? NaN;
}

function deviationOf(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}
