import { seededRandom } from "@plugboard/statistics";
import { expect, test } from "vitest";
import { atEqualCost, signalOf } from "./equal-cost.ts";
import type { EqualCost, SimpleRule } from "./equal-cost.ts";
import type { Setting } from "./setting.ts";

const count = 400;
const clusters = Array.from({ length: count }, (_, item) => `${item}`);

function setting(name: string, score: (item: number) => number, cost: (item: number) => number): Setting {
  const of = (value: (item: number) => number): Float64Array => Float64Array.from(clusters, (_, item) => value(item));
  return { name, scores: of(score), costs: of(cost) };
}

/** The large model is right on three of four items and costs 100, the small on one of two and costs 20. */
const large = setting(
  "large",
  (item) => (item % 4 < 3 ? 1 : 0),
  () => 100,
);
const small = setting(
  "small",
  (item) => (item % 4 < 2 ? 1 : 0),
  () => 20,
);
const rules: readonly SimpleRule[] = [
  {
    rule: "prompt length",
    settings: [
      large,
      setting(
        "half",
        (item) => (item % 8 < 5 ? 1 : 0),
        () => 60,
      ),
      small,
    ],
  },
  { rule: "swap", settings: [large, small] },
  { rule: "random", settings: [large, small] },
];
const gains = (own: Setting): readonly number[] => atEqualCost(own, rules, clusters).map(({ gain }) => gain.estimate);
const verdicts = (found: readonly EqualCost[]): readonly number[] =>
  found.map(({ gain }) => (gain.lower > 0 ? 1 : gain.upper < 0 ? -1 : 0));

test("gives each rule as much money as the policy costs", () => {
  // At a cost of 40, a quarter goes to the large: 0.5 + 0.25 / 4. Prompt length lies half way to what it has at 60.
  const own = setting(
    "own",
    (item) => (item % 10 < 6 ? 1 : 0),
    () => 40,
  );
  const [length, swap, random] = gains(own);
  expect(length).toBeCloseTo(0.6 - 0.5625, 10);
  expect(swap).toBeCloseTo(0.6 - 0.5, 10);
  expect(random).toBeCloseTo(0.6 - 0.5625, 10);
});

test("finds a policy better that knows whom to ask, and one worse that has it the wrong way round", () => {
  const asks = (best: boolean): Setting =>
    setting(
      "own",
      (item) => (item % 4 < 2 ? 1 : item % 4 === 2 && best ? 1 : 0),
      (item) => (item % 4 === (best ? 2 : 3) ? 100 : 20),
    );
  expect(verdicts(atEqualCost(asks(true), rules, clusters))).toEqual([1, 1, 1]);
  // A quarter of the calls goes to the large where it does not help: no better than the small alone, at twice the price.
  expect(verdicts(atEqualCost(asks(false), rules, clusters))).toEqual([-1, 0, -1]);
});

test("calls a policy that draws by chance a tie, but in one study of twenty", () => {
  const random = seededRandom(3);
  const found = Array.from({ length: 30 }, () => {
    const isLarge = Array.from(clusters, () => random() < 0.5);
    const scores = [random, random].map((draw) => Float64Array.from(clusters, () => (draw() < 0.6 ? 1 : 0)));
    const [one, other] = scores as [Float64Array, Float64Array];
    const pair = [
      { ...large, scores: one },
      { ...small, scores: other },
    ];
    const own = setting(
      "own",
      (item) => (isLarge[item] ? one : other)[item]!,
      (item) => (isLarge[item] ? 100 : 20),
    );
    return verdicts(atEqualCost(own, [{ rule: "random", settings: pair }], clusters))[0]!;
  });
  expect(found.filter((verdict) => verdict !== 0).length).toBeLessThanOrEqual(5);
});

test("takes the model that the policy takes itself for a tie of exactly nothing", () => {
  const [, swap, random] = atEqualCost(large, rules, clusters);
  expect(swap!.gain).toMatchObject({ estimate: 0, lower: 0, upper: 0 });
  expect(random!.gain.estimate).toBe(0);
});

test("draws items of one cluster together, so that copies of an item make it no surer", () => {
  const own = setting(
    "own",
    (item) => (Math.floor(item / 8) % 10 < 6 ? 1 : 0),
    () => 100,
  );
  const width = (of: readonly string[]): number => {
    const { gain } = atEqualCost(own, [{ rule: "swap", settings: [large] }], of)[0]!;
    return gain.upper - gain.lower;
  };
  expect(width(clusters.map((_, item) => `${Math.floor(item / 8)}`))).toBeGreaterThan(1.5 * width(clusters));
});

test("sees a signal where calls to the better model go to whom they help, and none in calls by chance", () => {
  const items = [...clusters.keys()];
  const curve = (isLarge: (item: number, share: number) => boolean): readonly Setting[] =>
    [1, 0.75, 0.5, 0.25, 0].map((share) =>
      setting(
        `${share}`,
        (item) => (isLarge(item, share) ? large : small).scores[item]!,
        (item) => (isLarge(item, share) ? large : small).costs[item]!,
      ),
    );
  const helped = curve((item, share) => ((item + 2) % 4) / 4 < share);
  expect(signalOf(helped, [large, small], items).lower).toBeGreaterThan(0);
  const studies = Array.from({ length: 60 }, (_, seed) => {
    const random = seededRandom(seed + 1);
    const rank = clusters.map(() => random());
    const drawn = curve((item, share) => rank[item]! < share);
    return signalOf(drawn, [large, small], items).lower > 0;
  });
  // One in 20 is expected.
  expect(studies.filter(Boolean).length).toBeLessThanOrEqual(7);
});
