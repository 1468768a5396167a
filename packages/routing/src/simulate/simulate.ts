import type { Measurement } from "@plugboard/core";
import { meanInterval } from "@plugboard/statistics";
import type { Interval } from "@plugboard/statistics";
import { recordedItems } from "../quality/recorded-item.ts";
import type { RecordingOptions } from "../quality/recorded-item.ts";
import { operatingPoints } from "./operating-points.ts";
import type { OperatingPoint } from "./operating-points.ts";
import { pairFigures } from "./pair-figures.ts";
import type { PairFigures } from "./pair-figures.ts";
import type { SimpleRule } from "./equal-cost.ts";
import { lengthPolicy } from "./policy.ts";
import type { Policy } from "./policy.ts";
import { replay, wholeItems } from "./replay.ts";
import type { Replay, ReplayOptions } from "./replay.ts";
import { routedSettings, singleSettings } from "./setting.ts";

/** How recorded outcomes are replayed. */
export interface SimulateOptions extends RecordingOptions, ReplayOptions {
  /** Shares of the reference's quality that are to be kept. @default [1, 0.98, 0.95] */
  readonly targets?: readonly number[];
  /**
   * Whether each point is held against simple rules at equal cost: prompt length, the best single model, models by chance. Of thousands of
   * items that takes seconds. @default false
   */
  readonly simpleRules?: boolean;
}

/** What a way to run comes to, an item. */
export interface RunFigures {
  /** Mean score. */
  readonly quality: number;
  /** Nano-dollars. */
  readonly cost: number;
}

/** A point of the curve: what a policy comes to at one price of quality. */
export interface CurvePoint extends RunFigures {
  /** What quality is worth less for each nano-dollar. */
  readonly price: number;
  /** The 95 % interval of the mean score. */
  readonly interval: Interval;
  /** By how much it is better than the reference on the same items, with its 95 % interval: narrower than the two by themselves. */
  readonly difference: Interval;
  /** Calls an item. */
  readonly calls: number;
  /** Of each model, the share of items that it answered. */
  readonly shares: Readonly<Record<string, number>>;
}

/** What a policy would have come to. */
export interface Simulation {
  readonly policy: string;
  readonly items: number;
  /** Items that were left out, since not every model did them at a known cost. */
  readonly leftOut: number;
  /** The model that others are measured against. */
  readonly reference: string;
  /** Each model by itself. */
  readonly alone: Readonly<Record<string, RunFigures>>;
  /** From the most quality to the least cost. */
  readonly curve: readonly CurvePoint[];
  /** For each target the confident point, then the expected. */
  readonly points: readonly OperatingPoint[];
  /** What can be saved at each target without looking at requests: with the cheapest model that keeps it, and by mixing models at random. */
  readonly plain: readonly PlainSaving[];
  /** The best score of each item, at the least cost of who has it: no policy of one call does better. */
  readonly oracle: RunFigures;
  /** Of two models only. */
  readonly pair?: PairFigures;
}

/** What is saved without looking at requests. */
export interface PlainSaving {
  readonly target: number;
  /** Share of the reference's cost that the best single swap saves, and to which model; 0 and the reference where none keeps the target. */
  readonly swap: number;
  readonly swapTo: string;
  /** By sending each request to a model by chance, in the best proportion of two. */
  readonly random: number;
}

/**
 * Replays recorded outcomes under a policy: what it would have cost and how good it would have been. The policy learns from some items and is
 * tried on others, in turn, so nothing is told of items that it has learned from.
 *
 * @throws {ModelError} `invalid-request` for fewer than 20 items that all models did at a known cost, scores outside 0 to 1, or a reference
 * that is not among the models
 * @example
 * const outcome = simulate(qualityPolicy(), measurements, { reference: "openai/gpt-4o" });
 * console.log(simulationTable(outcome));
 */
export function simulate(
  policy: Policy,
  outcomes: Iterable<Measurement>,
  { targets = [1, 0.98, 0.95], simpleRules = false, ...options }: SimulateOptions = {},
): Simulation {
  const recording = recordedItems(outcomes, options);
  const replayed = replay(policy, recording, options);
  const pair = pairFigures(replayed);
  const rules = simpleRules ? simpleRulesOf(replayed, replay(lengthPolicy(), recording, options)) : [];
  return {
    policy: policy.name,
    items: replayed.items.length,
    leftOut: recording.items.length - wholeItems(recording).length,
    reference: replayed.models[replayed.reference]!,
    alone: Object.fromEntries(replayed.models.map((name, model) => [name, aloneOf(replayed, model)])),
    curve: replayed.prices.map((price, at) => pointOf(replayed, price, at)),
    points: targets.flatMap((target) => operatingPoints(replayed, target, rules)),
    plain: targets.map((target) => plainSaving(replayed, target)),
    oracle: oracleOf(replayed),
    ...(pair && { pair }),
  };
}

function simpleRulesOf(replayed: Replay, byLength: Replay): readonly SimpleRule[] {
  const singles = singleSettings(replayed);
  return [
    { rule: "prompt length", settings: routedSettings(byLength, byLength) },
    { rule: "swap", settings: singles },
    { rule: "random", settings: singles },
  ];
}

function aloneOf({ items, models, scores, costs }: Replay, model: number): RunFigures {
  let [quality, cost] = [0, 0];
  for (let item = 0; item < items.length; item++) {
    quality += scores[item * models.length + model]! / items.length;
    cost += costs[item * models.length + model]! / items.length;
  }
  return { quality, cost };
}

function pointOf(replayed: Replay, price: number, at: number): CurvePoint {
  const { items, models, reference, scores, gotScores, gotCosts, calls, shares } = replayed;
  const [from, to] = [at * items.length, (at + 1) * items.length];
  const got = Array.from(gotScores.subarray(from, to));
  const interval = meanInterval(got);
  return {
    price,
    quality: interval.estimate,
    cost: gotCosts.subarray(from, to).reduce((sum, cost) => sum + cost, 0) / items.length,
    interval,
    difference: meanInterval(got.map((score, item) => score - scores[item * models.length + reference]!)),
    calls: calls[at]!,
    shares: Object.fromEntries(models.map((model, place) => [model, shares[at * models.length + place]!])),
  };
}

function plainSaving(replayed: Replay, target: number): PlainSaving {
  const { models, reference } = replayed;
  const all = models.map((name, model) => {
    const { quality, cost } = aloneOf(replayed, model);
    return { name, quality, cost };
  });
  const whole = all[reference]!;
  const wanted = target * whole.quality;
  let [swap, mixed] = [whole, whole.cost];
  for (const one of all) {
    if (one.quality >= wanted && one.cost < swap.cost) swap = one;
    for (const other of all) {
      if (one.quality < wanted || other.quality >= wanted) continue;
      const share = (wanted - other.quality) / (one.quality - other.quality);
      mixed = Math.min(mixed, share * one.cost + (1 - share) * other.cost);
    }
  }
  const saved = (cost: number): number => (whole.cost === 0 ? 0 : 1 - cost / whole.cost);
  return { target, swap: saved(swap.cost), swapTo: swap.name, random: saved(Math.min(mixed, swap.cost)) };
}

function oracleOf({ items, models, scores, costs }: Replay): RunFigures {
  let [quality, cost] = [0, 0];
  for (let item = 0; item < items.length; item++) {
    let found = item * models.length;
    for (let place = found; place < (item + 1) * models.length; place++)
      if (scores[place]! > scores[found]! || (scores[place] === scores[found] && costs[place]! < costs[found]!))
        found = place;
    quality += scores[found]! / items.length;
    cost += costs[found]! / items.length;
  }
  return { quality, cost };
}
