import { itemsToDecide, meanInterval } from "@plugboard/statistics";
import type { Interval } from "@plugboard/statistics";
import { atEqualCost, signalOf } from "./equal-cost.ts";
import type { EqualCost, SimpleRule } from "./equal-cost.ts";
import type { Replay } from "./replay.ts";
import { routedSettings, singleSettings } from "./setting.ts";
import type { Setting } from "./setting.ts";

/** Where a policy is run, so that it keeps a share of the reference's quality; and what came of it on items that it was not chosen by. */
export interface OperatingPoint {
  /** The share of the reference's quality that is to be kept: 0.95. */
  readonly target: number;
  /**
   * - `confident`: the lower 95 % bound of quality is at or above the target
   * - `expected`: the point estimate is
   */
  readonly kind: "confident" | "expected";
  /** Mean score on new items. */
  readonly quality: number;
  /** What is above the target, on new items, with its interval: below 0 is short. */
  readonly margin: Interval;
  /** Nano-dollars an item. */
  readonly cost: number;
  /** Share of the reference's cost that is saved. */
  readonly saving: number;
  /** Whether every item went to the reference: the target is kept by saving nothing. */
  readonly allToReference: boolean;
  /** The share of items that a single model got, for all of its fold: a plain swap rather than routing. */
  readonly swapped: number;
  /**
   * Where all went to the reference: about how many more items would show that the expected point keeps the target, if it does as it seems to.
   * `Infinity` where it seems to stand exactly at the target, or below.
   */
  readonly missing?: number;
  /** How it does against simple rules at equal cost, where that was asked for. */
  readonly against?: readonly EqualCost[];
}

/**
 * The operating points of a target.
 *
 * The settings of a fold are chosen by the items of the others, so what they come to on the fold is no luck of the choice. Confident: prices
 * are tried from the careful end on, and the first that is not shown to keep the target ends the search (fixed-sequence testing, as in
 * Angelopoulos et al., Learn then test, 2021), at half of 5 %; the other half is shared by the single models. A
 * policy that looks at answers is tried without, too: looking has to earn its place.
 *
 * Expected: along the prices quality is taken never to rise, so that a lone lucky price is not picked; a plain rule is tried besides. Either
 * is used only if the other folds show, beyond noise, that it tells requests apart better than chance at equal cost; otherwise there are
 * single models, and sharing requests with the reference by chance.
 */
export function operatingPoints(
  replay: Replay,
  target: number,
  rules: readonly SimpleRule[] = [],
): readonly [confident: OperatingPoint, expected: OperatingPoint] {
  const { folds } = replay;
  const routed = [replay, ...(replay.single ? [replay.single] : [])].map((got) => routedSettings(replay, got));
  const singles = singleSettings(replay);
  const chosen = Array.from({ length: folds }, (_, fold) => choose(replay, target, fold, routed, singles));
  const confident = come(
    replay,
    target,
    "confident",
    chosen.map(({ confident }) => confident),
    singles,
    rules,
  );
  const expected = come(
    replay,
    target,
    "expected",
    chosen.map(({ expected }) => expected),
    singles,
    rules,
  );
  if (!confident.allToReference) return [confident, expected];
  const { estimate, lower } = expected.margin;
  const deviation = ((estimate - lower) / 1.96) * Math.sqrt(replay.items.length);
  const missing =
    expected.allToReference || estimate <= 0
      ? Infinity
      : Math.max(1, itemsToDecide({ distance: estimate, deviation }) - replay.items.length);
  return [{ ...confident, missing }, expected];
}

function choose(
  replay: Replay,
  target: number,
  fold: number,
  routed: readonly (readonly Setting[])[],
  singles: readonly Setting[],
): { readonly confident: Setting; readonly expected: Setting } {
  const { foldOf, reference } = replay;
  const others = Array.from(foldOf.keys()).filter((item) => foldOf[item] !== fold);
  const baseline = singles[reference]!;
  const margin = (setting: Setting): number[] =>
    others.map((item) => setting.scores[item]! - target * baseline.scores[item]!);
  const cost = (setting: Setting): number => others.reduce((sum, item) => sum + setting.costs[item]!, 0);
  const cheaper = (one: Setting, other: Setting): Setting => (cost(other) < cost(one) ? other : one);

  let expected = baseline;
  const known = singles.map((setting): Known => ({ setting, margin: mean(margin(setting)) }));
  for (const one of known) if (one.margin >= 0) expected = cheaper(expected, one.setting);
  for (const setting of mixturesOf(known[reference]!, known)) expected = cheaper(expected, setting);
  for (const sequence of routed) {
    if (signalOf(sequence, singles, others).lower <= 0) continue;
    const margins = falling(sequence.map((setting) => mean(margin(setting))));
    for (const [at, setting] of sequence.entries()) if (margins[at]! >= 0) expected = cheaper(expected, setting);
  }

  let confident = baseline;
  const sure = replay.single?.isPlain ? routed.slice(0, 1) : routed;
  for (const sequence of sure)
    for (const setting of sequence) {
      if (lowerBound(margin(setting), 0.025 / sure.length) < 0) break;
      confident = cheaper(confident, setting);
    }
  const each = 0.025 / Math.max(singles.length - 1, 1);
  for (const setting of singles) if (lowerBound(margin(setting), each) >= 0) confident = cheaper(confident, setting);
  return { confident, expected };
}

/** The nearest figures that never rise: as quality gets dearer there is less of it, and what says otherwise along the way is chance. */
function falling(values: readonly number[]): readonly number[] {
  const blocks: { sum: number; count: number }[] = [];
  for (const value of values) {
    let block = { sum: value, count: 1 };
    for (let last = blocks.at(-1); last && last.sum / last.count < block.sum / block.count; last = blocks.at(-1)) {
      block = { sum: last.sum + block.sum, count: last.count + block.count };
      blocks.pop();
    }
    blocks.push(block);
  }
  return blocks.flatMap(({ sum, count }) => Array.from({ length: count }, () => sum / count));
}

/** Of the reference and a model that falls short, requests shared out by chance so that together they just reach the target. */
function mixturesOf(whole: Known, others: readonly Known[]): readonly Setting[] {
  return others
    .filter(({ margin }) => whole.margin > 0 && margin < 0)
    .map((other) => {
      const share = whole.margin / (whole.margin - other.margin);
      const mix = (left: Float64Array, right: Float64Array): Float64Array =>
        left.map((value, item) => (1 - share) * value + share * right[item]!);
      return {
        name: `${whole.setting.name} and ${other.setting.name}, by chance`,
        scores: mix(whole.setting.scores, other.setting.scores),
        costs: mix(whole.setting.costs, other.setting.costs),
      };
    });
}

interface Known {
  readonly setting: Setting;
  readonly margin: number;
}

/** What the settings of each fold come to on its own items. */
function come(
  { items, foldOf, reference }: Replay,
  target: number,
  kind: OperatingPoint["kind"],
  settings: readonly Setting[],
  singles: readonly Setting[],
  rules: readonly SimpleRule[],
): OperatingPoint {
  const baseline = singles[reference]!;
  const own = { name: kind, scores: new Float64Array(items.length), costs: new Float64Array(items.length) };
  let [quality, cost, whole, swapped] = [0, 0, 0, 0];
  const margins = Array.from(items, (_, item) => {
    const setting = settings[foldOf[item]!]!;
    quality += own.scores[item] = setting.scores[item]!;
    cost += own.costs[item] = setting.costs[item]!;
    whole += baseline.costs[item]!;
    if (setting !== baseline && singles.includes(setting)) swapped++;
    return setting.scores[item]! - target * baseline.scores[item]!;
  });
  return {
    target,
    kind,
    quality: quality / items.length,
    margin: meanInterval(margins),
    cost: cost / items.length,
    saving: whole === 0 ? 0 : 1 - cost / whole,
    allToReference: settings.every((setting) => setting === baseline),
    swapped: swapped / items.length,
    ...(rules.length > 0 && {
      against: atEqualCost(
        own,
        rules,
        items.map(({ cluster }) => cluster),
      ),
    }),
  };
}

/** The bound that the mean lies above, but for `error` of cases. */
function lowerBound(values: readonly number[], error: number): number {
  return meanInterval(values, { confidence: 1 - 2 * error }).lower;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
