import { seededRandom } from "@plugboard/statistics";
import type { Interval } from "@plugboard/statistics";
import type { Replay } from "./replay.ts";

/**
 * How well a policy tells which requests need the better of two models: the figures of Ong et al., RouteLLM: Learning to route LLMs with
 * preference data (ICLR 2025, arXiv 2406.18665), section 3.
 */
export interface PairFigures {
  /**
   * Average performance gap recovered: the share of the quality between the two models that is gained, averaged over all shares of calls that
   * go to the better. 0.5 is chance. Its interval is by drawing items again.
   */
  readonly apgr: Interval;
  /** Call-performance threshold: the share of calls to the better model with which half, or 80 %, of the gap is gained. */
  readonly cpt50: number;
  readonly cpt80: number;
  /** The APGR of who knows every score beforehand. */
  readonly oracle: number;
  /** The APGR of each of 400 samples of items, the same for every policy, so that two can be compared pairwise. */
  readonly resampled: readonly number[];
}

const resamples = 400;

function resampledApgr(order: readonly (readonly number[])[], gains: Float64Array): Float64Array {
  const random = seededRandom(7);
  const drawn = new Float64Array(resamples);
  const counts = new Float64Array(gains.length);
  for (let sample = 0; sample < resamples; sample++) {
    counts.fill(0);
    for (let draw = 0; draw < gains.length; draw++) counts[Math.floor(random() * gains.length)]!++;
    drawn[sample] = apgrOf(order, gains, counts);
  }
  return drawn;
}

/** The figures of a pair; undefined for more or fewer models, or where the reference is not better. */
export function pairFigures(replay: Replay): PairFigures | undefined {
  if (replay.models.length !== 2) return undefined;
  const gains = gainsOf(replay);
  if (gains.reduce((sum, gain) => sum + gain, 0) <= 0) return undefined;
  const order = orderOf(replay);
  const ones = new Float64Array(gains.length).fill(1);
  const resampled = resampledApgr(order, gains);
  const drawn = resampled.toSorted();
  const known = Array.from(gains.keys()).toSorted((left, right) => gains[right]! - gains[left]!);
  return {
    apgr: {
      estimate: apgrOf(order, gains, ones),
      lower: drawn[Math.floor(0.025 * resamples)]!,
      upper: drawn[Math.ceil(0.975 * resamples) - 1]!,
      confidence: 0.95,
    },
    cpt50: callsFor(0.5, order, gains),
    cpt80: callsFor(0.8, order, gains),
    oracle: apgrOf(
      known.map((item) => [item]),
      gains,
      ones,
    ),
    resampled: Array.from(resampled),
  };
}

/** By how much the reference is better on each item. */
function gainsOf({ scores, reference, items }: Replay): Float64Array {
  const gains = new Float64Array(items.length);
  for (let item = 0; item < items.length; item++)
    gains[item] = scores[item * 2 + reference]! - scores[item * 2 + 1 - reference]!;
  return gains;
}

/**
 * Items by the gain that is expected, the most first, as ranks within their fold: a fold's mean is a little low where those of the others,
 * which were learned from, are a little high, so that between folds the order is wrong by design. Items of the same rank stand together:
 * within, it is chance who goes first.
 */
function orderOf({ expected, reference, foldOf, folds }: Replay): readonly (readonly number[])[] {
  const gain = expected.map(({ quality }) => quality[reference]! - quality[1 - reference]!);
  const ranks = new Map<number, number[]>();
  for (let fold = 0; fold < folds; fold++) {
    const own = Array.from(gain.keys()).filter((item) => foldOf[item] === fold);
    own.sort((left, right) => gain[right]! - gain[left]!);
    for (let first = 0; first < own.length;) {
      let next = first + 1;
      while (next < own.length && gain[own[next]!] === gain[own[first]!]) next++;
      const rank = (first + next) / 2 / own.length;
      ranks.set(rank, [...(ranks.get(rank) ?? []), ...own.slice(first, next)]);
      first = next;
    }
  }
  return [...ranks].toSorted(([left], [right]) => left - right).map(([, items]) => items);
}

/** The area under the share of the gap that is gained, by the share of calls. */
function apgrOf(groups: readonly (readonly number[])[], gains: Float64Array, counts: Float64Array): number {
  let [area, gained, calls] = [0, 0, 0];
  for (const group of groups) {
    let [gain, count] = [0, 0];
    for (const item of group) {
      gain += gains[item]! * counts[item]!;
      count += counts[item]!;
    }
    area += (gained + gain / 2) * count;
    gained += gain;
    calls += count;
  }
  return area / (gained * calls);
}

/** The share of calls at which a share of the gap is first gained. */
function callsFor(share: number, groups: readonly (readonly number[])[], gains: Float64Array): number {
  const wanted = share * gains.reduce((sum, gain) => sum + gain, 0);
  let [gained, calls] = [0, 0];
  for (const group of groups) {
    const gain = group.reduce((sum, item) => sum + gains[item]!, 0);
    if (gain > 0 && gained + gain >= wanted) return (calls + (group.length * (wanted - gained)) / gain) / gains.length;
    gained += gain;
    calls += group.length;
  }
  return 1;
}
