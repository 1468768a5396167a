import { bootstrapInterval, meanInterval } from "@plugboard/statistics";
import type { Interval } from "@plugboard/statistics";
import type { Setting } from "./setting.ts";

/** How a policy does against a simple rule that is given as much money. */
export interface EqualCost {
  /**
   * - `prompt length`: the longer prompts go to the better models
   * - `swap`: the best single model that costs no more
   * - `random`: two models drawn by chance, in the proportion that costs as much
   */
  readonly rule: "prompt length" | "swap" | "random";
  /**
   * Mean score above that of the rule, with its 95 % interval by a paired bootstrap over clusters of items. In each sample the rule is given
   * what the policy costs there, so that chance in costs is in the interval, too.
   */
  readonly gain: Interval;
}

/** A simple rule, and the ways in which it can be run. */
export interface SimpleRule {
  readonly rule: EqualCost["rule"];
  readonly settings: readonly Setting[];
}

const resamples = 1000;

/**
 * Holds what came of a policy against simple rules at equal cost. Which models `swap` and `random` take is chosen on all items, with
 * hindsight that the policy does not have: they look a little better than they are. Below what a rule costs at the least, it costs that.
 *
 * @param clusters - of each item, what it is drawn with
 */
export function atEqualCost(
  own: Setting,
  rules: readonly SimpleRule[],
  clusters: readonly string[],
): readonly EqualCost[] {
  const cost = meanOf(own.costs);
  return rules.map(({ rule, settings }) => {
    const [less, more] = pairs[rule](
      settings.map((setting) => known(setting)),
      cost,
    );
    const drawn = rowsOf(own, less, more, clusters);
    return { rule, gain: bootstrapInterval(drawn, gainOf, { resamples, method: "percentile" }) };
  });
}

/**
 * Whether a policy tells requests apart at all: its mean score above that of models drawn by chance at equal cost, over all prices of quality
 * and some of the items, with its 90 % interval. Of policies without signal, 19 in 20 have a lower bound below 0.
 *
 * What is spent more on an item counts against it, at the rate at which money buys score by chance.
 */
export function signalOf(
  settings: readonly Setting[],
  singles: readonly Setting[],
  items: readonly number[],
): Interval {
  const all = singles.map((setting) => known(setting, items));
  const gains = new Float64Array(items.length);
  for (const { scores, costs } of settings) {
    const [less, more] = bestPair(all, meanOf(costs, items)).map((one) => known(one, items)) as [Known, Known];
    const rate = more.cost > less.cost ? (more.score - less.score) / (more.cost - less.cost) : 0;
    for (const [place, item] of items.entries())
      gains[place]! +=
        (scores[item]! - less.setting.scores[item]! - rate * (costs[item]! - less.setting.costs[item]!)) /
        settings.length;
  }
  return meanInterval(Array.from(gains), { confidence: 0.9 });
}

interface Known {
  readonly setting: Setting;
  readonly score: number;
  readonly cost: number;
}

type Pair = readonly [less: Setting, more: Setting];

/** The two settings between which each rule is run so that it costs as much. */
const pairs: Readonly<Record<EqualCost["rule"], (all: readonly Known[], cost: number) => Pair>> = {
  "prompt length": neighbours,
  swap: bestSingle,
  random: bestPair,
};

/** The next cheaper and the next dearer of a curve. */
function neighbours(all: readonly Known[], cost: number): Pair {
  const upwards = all.toSorted((left, right) => left.cost - right.cost);
  const above = upwards.findIndex((one) => one.cost >= cost);
  const more = above < 0 ? upwards.at(-1)! : upwards[above]!;
  return [(above > 0 ? upwards[above - 1]! : more).setting, more.setting];
}

function bestSingle(all: readonly Known[], cost: number): Pair {
  // A sum in another order must not shut out the model that the policy itself has taken.
  const paid = all.filter((one) => one.cost <= cost * (1 + 1e-9));
  const found =
    paid.length > 0
      ? paid.reduce((one, other) => (other.score > one.score ? other : one))
      : all.reduce((one, other) => (other.cost < one.cost ? other : one));
  return [found.setting, found.setting];
}

function bestPair(all: readonly Known[], cost: number): Pair {
  let found = bestSingle(all, cost);
  let most = all.find(({ setting }) => setting === found[0])!.score;
  for (const less of all)
    for (const more of all) {
      if (!(less.cost <= cost && more.cost > cost)) continue;
      const share = (cost - less.cost) / (more.cost - less.cost);
      const score = less.score + share * (more.score - less.score);
      if (score > most) [found, most] = [[less.setting, more.setting], score];
    }
  return found;
}

/** Of a cluster the sums of scores and costs: own, of the cheaper setting, of the dearer; and how many items it has. */
type Row = [number, number, number, number, number, number, number];

function rowsOf(own: Setting, less: Setting, more: Setting, clusters: readonly string[]): readonly Row[] {
  const rows = new Map<string, Row>();
  for (const [item, cluster] of clusters.entries()) {
    let row = rows.get(cluster);
    if (!row) rows.set(cluster, (row = [0, 0, 0, 0, 0, 0, 0]));
    for (const [place, setting] of [own, less, more].entries()) {
      row[place * 2]! += setting.scores[item]!;
      row[place * 2 + 1]! += setting.costs[item]!;
    }
    row[6]++;
  }
  return [...rows.values()];
}

function gainOf(sample: readonly Row[]): number {
  let [score, cost, lessScore, lessCost, moreScore, moreCost, items] = [0, 0, 0, 0, 0, 0, 0];
  for (const row of sample) {
    score += row[0];
    cost += row[1];
    lessScore += row[2];
    lessCost += row[3];
    moreScore += row[4];
    moreCost += row[5];
    items += row[6];
  }
  const share = moreCost > lessCost ? Math.min(1, Math.max(0, (cost - lessCost) / (moreCost - lessCost))) : 1;
  return (score - lessScore - share * (moreScore - lessScore)) / items;
}

function known(setting: Setting, items?: readonly number[]): Known {
  return { setting, score: meanOf(setting.scores, items), cost: meanOf(setting.costs, items) };
}

function meanOf(values: Float64Array, items?: readonly number[]): number {
  if (!items) return values.reduce((sum, value) => sum + value, 0) / values.length;
  return items.reduce((sum, item) => sum + values[item]!, 0) / items.length;
}
