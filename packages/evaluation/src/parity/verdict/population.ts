// Populations whose truth is known, and studies drawn from them: for the test of verdicts and scripts/verdict.ts. No part of the package.
import type { Measurement } from "@plugboard/core";
import type { RandomSource } from "@plugboard/statistics";
import type { Outcome, RealPair } from "./real-pairs.ts";

/** What studies draw items from, with replacement. */
export interface Population {
  readonly pair: RealPair;
  /** How likely each item is drawn. */
  readonly weights: Float64Array;
  /** Sums of the weights, by which an item is found. */
  readonly sums: Float64Array;
  /** The true mean of candidate less baseline. */
  readonly difference: number;
  /** The true standard deviation of one item's difference. */
  readonly deviation: number;
}

/** An item's difference in score. */
function gainsOf({ baseline, candidate }: RealPair): readonly number[] {
  return candidate.map(({ score }, place) => score - baseline[place]!.score);
}

/** The pair as it is: every item is as likely, or as the weights say. */
export function populationOf(pair: RealPair, weights?: ArrayLike<number>): Population {
  return weighted(pair, weights ? Array.from(weights) : pair.baseline.map(() => 1));
}

/**
 * The pair, moved so that its true difference is exactly `difference`: items on which the candidate does worse become more likely by a factor that
 * grows with how much worse (exponential tilting), which is the smallest change that there is, in the sense of Kullback and Leibler.
 */
export function movedTo(pair: RealPair, difference: number): Population {
  const gains = gainsOf(pair);
  const tilted = (tilt: number): Population =>
    weighted(
      pair,
      gains.map((gain) => Math.exp(tilt * gain)),
    );
  let [low, high] = [-50, 50];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (tilted(middle).difference < difference) low = middle;
    else high = middle;
  }
  return tilted((low + high) / 2);
}

function weighted(pair: RealPair, given: readonly number[]): Population {
  const total = given.reduce((sum, weight) => sum + weight, 0);
  const weights = Float64Array.from(given, (weight) => weight / total);
  const sums = new Float64Array(weights.length);
  let [sum, mean, square] = [0, 0, 0];
  for (const [place, gain] of gainsOf(pair).entries()) {
    sums[place] = sum += weights[place]!;
    mean += weights[place]! * gain;
    square += weights[place]! * gain * gain;
  }
  return { pair, weights, sums, difference: mean, deviation: Math.sqrt(square - mean ** 2) };
}

/** Places of items that were drawn. */
export function draw({ sums }: Population, count: number, random: RandomSource): number[] {
  return Array.from({ length: count }, () => placeOf(sums, random));
}

/** A place, as likely as its sum is more than that before it. */
export function placeOf(sums: ArrayLike<number>, random: RandomSource): number {
  const mark = random() * sums[sums.length - 1]!;
  let [low, high] = [0, sums.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sums[middle]! > mark) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** How outcomes become measurements. */
export interface Telling {
  /** By what the candidate's time and money are multiplied. */
  readonly cost?: number;
  readonly latency?: number;
  /** The cluster of the item at a place of the study. */
  readonly cluster?: (place: number) => string;
  /** Whether the task is a segment. */
  readonly segments?: boolean;
  /** Whether a scorer could not judge the answer at a place of the study. */
  readonly unjudged?: (place: number, model: "baseline" | "candidate") => boolean;
}

/** The measurements of a study: what was drawn, each item by a name of its own. */
export function measurementsOf(pair: RealPair, drawn: readonly number[], telling: Telling = {}): Measurement[] {
  const { cost = 1, latency = 1, cluster, segments, unjudged } = telling;
  const of = (model: "baseline" | "candidate", outcomes: readonly Outcome[], times: [number, number]): Measurement[] =>
    drawn.map((item, place) => {
      const { score, costUSD, latencyMs } = outcomes[item]!;
      return {
        item: String(place),
        model,
        scores: unjudged?.(place, model) ? {} : { quality: score },
        ...(costUSD !== undefined && { cost: { total: Math.round(costUSD * 1e9 * times[0]) } }),
        ...(latencyMs !== undefined && { latency: latencyMs * times[1] }),
        ...(cluster && { cluster: cluster(place) }),
        ...(segments && { segments: { task: pair.tasks[item]! } }),
      };
    });
  return [...of("baseline", pair.baseline, [1, 1]), ...of("candidate", pair.candidate, [cost, latency])];
}
