import { seededRandom } from "@plugboard/statistics";
import type { RecordedItem, Recording } from "../quality/recorded-item.ts";
import { refused } from "../refused.ts";
import { askingFor } from "./asking.ts";
import type { Expectation, Policy } from "./policy.ts";

/** What came of a policy, on items that it had not learned from. */
export interface Replay {
  readonly items: readonly RecordedItem[];
  readonly models: readonly string[];
  /** Which of them others are measured against. */
  readonly reference: number;
  readonly foldOf: Int32Array;
  readonly folds: number;
  /** Of each item what was expected, by a policy that had not seen it. */
  readonly expected: readonly Expectation[];
  /** `item × models + model`. */
  readonly scores: Float64Array;
  readonly costs: Float64Array;
  /** What quality is worth less for each nano-dollar, upwards: from quality at any price to what is cheapest. */
  readonly prices: readonly number[];
  /** At each price of each item, the score it got and what it cost, all calls together: `price × items + item`. */
  readonly gotScores: Float64Array;
  readonly gotCosts: Float64Array;
  /** The same without a look at answers, and by the plain rule, where the policy has more than that. */
  readonly single?: Pick<Replay, "gotScores" | "gotCosts"> & { readonly isPlain: boolean };
  /** At each price, of each model the share of items whose answer is its own: `price × models + model`. */
  readonly shares: Float64Array;
  /** At each price, calls an item. */
  readonly calls: Float64Array;
}

/** How a recording is replayed. */
export interface ReplayOptions {
  /** The model that others are measured against. @default that with the highest mean score */
  readonly reference?: string;
  /** In how many parts items are split: each is tried by what was learned from the others. @default 5 */
  readonly folds?: number;
  /** From how many items is learned at most, drawn by chance: what a policy comes to with so many labels. @default all that are not tried */
  readonly learnFrom?: number;
  /** Which split; another number, another split. @default 1 */
  readonly seed?: number;
}

const steps = 160;

/** The items that all models have done, with cost. */
export function wholeItems({ items, models }: Recording): readonly RecordedItem[] {
  return items.filter(({ results }) => models.every((model) => results.get(model)?.cost !== undefined));
}

/**
 * Lets a policy learn from all folds but one and choose for that one, in turn, at every price of quality.
 *
 * @throws {ModelError} `invalid-request` if fewer than 20 items were done by all models with a known cost, or the reference is not among them
 */
export function replay(
  policy: Policy,
  recording: Recording,
  { reference, folds = 5, seed = 1, learnFrom = Infinity }: ReplayOptions = {},
): Replay {
  const items = wholeItems(recording);
  const { models } = recording;
  if (items.length < 20)
    throw refused(
      `A simulation needs 20 items or more that every model did at a known cost; there are ${items.length}.`,
    );
  const size = models.length;
  const scores = new Float64Array(items.length * size);
  const costs = new Float64Array(items.length * size);
  for (const [item, { results }] of items.entries())
    for (const [model, name] of models.entries()) {
      scores[item * size + model] = results.get(name)!.score;
      costs[item * size + model] = results.get(name)!.cost!;
    }

  const foldOf = foldsOf(items, folds, seed);
  const prices = pricesFor(costs, items.length);
  const expected: Expectation[] = [];
  const gotScores = new Float64Array(prices.length * items.length);
  const gotCosts = new Float64Array(gotScores.length);
  const single = { gotScores: gotScores.slice(), gotCosts: gotScores.slice() };
  let [looks, isPlain] = [false, false];
  const shares = new Float64Array(prices.length * size);
  const calls = new Float64Array(prices.length);
  for (let fold = 0; fold < folds; fold++) {
    const others = items.filter((_, item) => foldOf[item] !== fold);
    const learned = policy.learn({ ...recording, items: drawn(others, learnFrom, seed) });
    isPlain = learned.plain !== undefined;
    looks = isPlain || (learned.look ?? learned.agreement) !== undefined;
    for (const [item, recorded] of items.entries()) {
      if (foldOf[item] !== fold) continue;
      const asking = askingFor(learned, recorded);
      expected[item] = asking.expectation;
      for (const [at, price] of prices.entries()) {
        const { asked, given } = asking.ask(price);
        const place = at * items.length + item;
        gotScores[place] = scores[item * size + given]!;
        for (const model of asked) gotCosts[place]! += costs[item * size + model]!;
        shares[at * size + given]! += 1 / items.length;
        calls[at]! += asked.length / items.length;
        const one = item * size + asking.askOne(price).given;
        single.gotScores[place] = scores[one]!;
        single.gotCosts[place] = costs[one]!;
      }
    }
  }
  const whole = { items, models, foldOf, folds, expected, scores, costs, prices, gotScores, gotCosts, shares, calls };
  return { ...whole, reference: referenceOf(whole, reference), ...(looks && { single: { ...single, isPlain } }) };
}

/** From nothing to what no gain of quality is worth, in equal ratios. */
function pricesFor(costs: Float64Array, items: number): number[] {
  const mean = Math.max(costs.reduce((sum, cost) => sum + cost, 0) / items, 1);
  const [low, high] = [3e-3 / mean, 30 / mean];
  const ratio = (high / low) ** (1 / (steps - 2));
  return [0, ...Array.from({ length: steps - 1 }, (_, step) => low * ratio ** step)];
}

/** So many of the items, in their order. */
function drawn(items: readonly RecordedItem[], count: number, seed: number): readonly RecordedItem[] {
  if (items.length <= count) return items;
  const random = seededRandom(seed);
  let left = count;
  return items.filter((_, place) => {
    const isIn = random() * (items.length - place) < left;
    if (isIn) left--;
    return isIn;
  });
}

function foldsOf(items: readonly RecordedItem[], folds: number, seed: number): Int32Array {
  const random = seededRandom(seed);
  const clusters = [...new Set(items.map(({ cluster }) => cluster))];
  for (let place = clusters.length - 1; place > 0; place--) {
    const other = Math.floor(random() * (place + 1));
    [clusters[place], clusters[other]] = [clusters[other]!, clusters[place]!];
  }
  const foldOf = new Map(clusters.map((cluster, place) => [cluster, place % folds]));
  return Int32Array.from(items, ({ cluster }) => foldOf.get(cluster)!);
}

function referenceOf({ models, scores }: Pick<Replay, "models" | "scores">, name: string | undefined): number {
  if (name !== undefined) {
    const place = models.indexOf(name);
    if (place < 0) throw refused(`\`reference\` must be one of ${models.join(", ")}; it is ${JSON.stringify(name)}.`);
    return place;
  }
  const sums = new Float64Array(models.length);
  for (const [place, score] of scores.entries()) sums[place % models.length]! += score;
  return sums.indexOf(Math.max(...sums));
}
