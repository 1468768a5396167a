import { describe, expect, test } from "vitest";
import * as statistics from "./index.ts";

const {
  benjaminiHochberg,
  bootstrapInterval,
  cohenKappa,
  confidenceSequence,
  conformalRiskControl,
  equivalence,
  holm,
  isotonicRegression,
  itemsToDecide,
  krippendorffAlpha,
  mcnemar,
  meanInterval,
  nonInferiority,
  pairedBootstrap,
  pairedCounts,
  pairedDifference,
  passAtK,
  passHatK,
  plattScaling,
  powerOf,
  proportionInterval,
  quantileInterval,
  quantileOf,
  sequentialNonInferiority,
  spearman,
  varianceComponents,
} = statistics;

const two = [1, 0];
const paired = { baseline: [1, 0, 1], candidate: [1, 1, 1] };
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** What nobody can answer, and what the refusal must name. */
const refused: readonly (readonly [what: string, ask: () => unknown, named: RegExp])[] = [
  // Nothing, or too little.
  ["the mean of nothing", () => meanInterval([]), /`values` must hold 2 or more; it holds 0/],
  ["a share of nothing", () => proportionInterval(0, 0), /`trials` must be a whole number of at least 1/],
  ["a quantile of nothing", () => quantileInterval([], 0.5), /`values` must hold 1/],
  ["a quantile of no sorted values", () => quantileOf([], 0.5), /`sorted.length`/],
  ["a difference of nothing", () => pairedDifference({ baseline: [], candidate: [] }), /`baseline` must hold 2/],
  [
    "a verdict on one item",
    () => nonInferiority({ baseline: [1], candidate: [1], margin: 0.1 }),
    /`baseline` must hold 2/,
  ],
  ["equivalence of nothing", () => equivalence({ baseline: [], candidate: [], margin: 0.1 }), /`baseline` must hold 2/],
  ["draws from one item", () => bootstrapInterval([1], mean), /`items.length`/],
  ["pairs of nothing", () => pairedBootstrap({ baseline: [], candidate: [], statistic: mean }), /`items.length`/],
  ["pass@k of one item", () => passAtK([{ trials: 2, successes: 1 }], { k: 1 }), /`values` must hold 2/],
  ["a sequence of nothing", () => confidenceSequence([]), /`values` must hold 1/],
  ["judges of nothing", () => cohenKappa({ first: [], second: [] }), /`first` must hold 2/],
  ["judges of single labels", () => krippendorffAlpha([[1], [2]]), /`items with 2 or more labels`/],
  ["an order of three", () => spearman([1, 2, 3], [1, 2, 3]), /`first` must hold 4/],
  ["spread of two items", () => varianceComponents([two, two]), /`items.length`/],
  ["a curve of nothing", () => isotonicRegression({ x: [], y: [] }), /`x` must hold 1/],
  ["another curve of nothing", () => plattScaling([], []), /`scores` must hold 1/],
  ["no thresholds", () => conformalRiskControl({ thresholds: [], losses: [], risk: 0.1 }), /`thresholds` must hold 1/],

  // No numbers.
  ["a mean with a hole", () => meanInterval([1, NaN]), /`values\[1\]` must be a finite number; it is NaN/],
  ["a score that is none", () => pairedDifference({ baseline: two, candidate: [NaN, 1] }), /`candidate\[0\]`/],
  ["an endless delay", () => quantileInterval([1, Infinity], 0.5), /`values\[1\]`/],
  ["a p-value that is none", () => holm([0.5, NaN]), /`pValues\[1\]`/],
  ["a p-value above 1", () => benjaminiHochberg([1.5]), /`pValues\[0\]` must be a number from 0 to 1; it is 1.5/],
  ["a margin that is none", () => nonInferiority({ ...paired, margin: NaN }), /`margin`/],
  ["a distance that is none", () => itemsToDecide({ distance: NaN, deviation: 1 }), /`distance`/],
  ["the power of no distance", () => powerOf({ items: 10, distance: NaN, deviation: 1 }), /`distance`/],
  ["a spread that is none", () => powerOf({ items: 10, distance: 1, deviation: 0 }), /`deviation`/],
  ["counts in part", () => mcnemar({ onlyBaseline: 0.5, onlyCandidate: 1 }), /`onlyBaseline`/],
  ["a label that is no number", () => krippendorffAlpha([[1, NaN], two]), /`items\[0\]\[1\]`/],
  ["a label that is neither 0 nor 1", () => plattScaling(two, [0, 2]), /`labels\[1\]` must be 0 or 1; it is 2/],
  ["a weight of 0", () => isotonicRegression({ x: two, y: two, weights: [1, 0] }), /`weights\[1\]`/],
  ["a risk that is none", () => conformalRiskControl({ thresholds: [1], losses: [[0]], risk: NaN }), /`risk`/],
  [
    "a loss above the greatest",
    () => conformalRiskControl({ thresholds: [1], losses: [[2]], risk: 1 }),
    /`losses\[0\]\[0\]`/,
  ],
  ["a score of a run that is none", () => varianceComponents([two, [NaN], two]), /`items\[1\]\[0\]`/],
  ["a sequence with a hole", () => confidenceSequence([NaN]), /`values\[0\]`/],
  ["a score to add that is none", () => sequentialNonInferiority({ margin: 0.1 }).add(1, NaN), /`candidate`/],

  // Not paired.
  [
    "unequal scores",
    () => pairedDifference({ baseline: two, candidate: [1] }),
    /`baseline` and `candidate` must be paired; they hold 2 and 1/,
  ],
  ["unequal counts", () => pairedCounts(two, [1]), /must be paired/],
  ["unequal verdicts", () => nonInferiority({ baseline: two, candidate: [1], margin: 0.1 }), /must be paired/],
  ["unequal draws", () => pairedBootstrap({ baseline: two, candidate: [1], statistic: mean }), /must be paired/],
  ["unequal judges", () => cohenKappa({ first: two, second: [1] }), /must be paired/],
  ["unequal orders", () => spearman([1, 2, 3, 4], [1]), /must be paired/],
  ["unequal labels", () => plattScaling(two, [1]), /must be paired/],
  ["unequal points", () => isotonicRegression({ x: two, y: [1] }), /must be paired/],
  ["clusters of other values", () => meanInterval(two, { clusters: [1] }), /`values` and `clusters` must be paired/],
  [
    "losses of other thresholds",
    () => conformalRiskControl({ thresholds: [1], losses: [[]], risk: 0.1 }),
    /must be paired/,
  ],

  // Out of range.
  [
    "a score above 1",
    () => nonInferiority({ baseline: two, candidate: [5, 1], margin: 0.1 }),
    /`candidate\[0\]` must be a number from 0 to 1; it is 5/,
  ],
  ["a negative margin", () => nonInferiority({ ...paired, margin: -0.1 }), /`margin`/],
  [
    "a margin that allows everything",
    () => nonInferiority({ ...paired, margin: 1 }),
    /`margin` must be from 0 to below 1/,
  ],
  [
    "equivalence without a margin",
    () => equivalence({ ...paired, margin: 0 }),
    /`margin` must be a finite number above 0; it is 0/,
  ],
  ["a test that allows everything", () => sequentialNonInferiority({ margin: 1 }), /`margin`/],
  [
    "a test without bounds",
    () => sequentialNonInferiority({ margin: 1, bounds: [0, Infinity] }),
    /`bounds\[1\] − bounds\[0\]`/,
  ],
  [
    "a sequence without bounds",
    () => confidenceSequence(two, { bounds: [0, Infinity] }),
    /`bounds\[1\] − bounds\[0\]`/,
  ],
  ["bounds that go down", () => meanInterval(two, { bounds: [1, 0] }), /`bounds` must go upwards/],
  ["bounds that are none", () => pairedDifference({ ...paired, bounds: [NaN, 1] }), /`bounds` must go upwards/],
  ["certainty", () => meanInterval(two, { confidence: 1 }), /`confidence` must be between 0 and 1; it is 1/],
  [
    "a verdict by less than a coin",
    () => nonInferiority({ ...paired, margin: 0.1, confidence: 0.4 }),
    /`confidence` must be from 0.5/,
  ],
  [
    "a percentage",
    () => pairedDifference(paired, { confidence: 95 }),
    /`confidence` must be between 0 and 1; it is 95/,
  ],
  ["sure power", () => itemsToDecide({ distance: 1, deviation: 1, power: 1 }), /`power`/],
  [
    "more successes than trials",
    () => proportionInterval(3, 2),
    /`successes` must be a whole number from 0 to 2; it is 3/,
  ],
  [
    "more runs than there were",
    () =>
      passHatK(
        [
          { trials: 2, successes: 1 },
          { trials: 2, successes: 1 },
        ],
        { k: 3 },
      ),
    /`trials` must be a whole number of at least 3/,
  ],
  ["no runs", () => passAtK([], { k: 0 }), /`k`/],
  ["the 95th percentile as 95", () => quantileInterval([1, 2], 95), /`quantile`/],
  ["few resamples", () => bootstrapInterval(two, mean, { resamples: 10 }), /`resamples`/],
  ["values of one cluster", () => meanInterval(two, { clusters: [1, 1] }), /`clusters` must name 2 or more/],
  ["an order of equals", () => spearman([1, 1, 1, 1], [1, 2, 3, 4]), /there is no order to compare/],
];

describe("refuses with a RangeError that names what was wrong:", () => {
  test.each(refused)("%s", (_, ask, named) => {
    expect(ask).toThrow(RangeError);
    expect(ask).toThrow(named);
  });
});

test("a p-value of nothing is nothing", () => {
  expect(holm([])).toEqual([]);
  expect(benjaminiHochberg([])).toEqual([]);
});

test("changes nothing that it is given", () => {
  const baseline = Object.freeze([1, 0, 1, 1, 0, 0.5]);
  const candidate = Object.freeze([0, 1, 1, 1, 0, 1]);
  const clusters = Object.freeze([1, 1, 2, 2, 3, 3]);
  expect(() => {
    meanInterval(baseline, { bounds: [0, 1], clusters });
    nonInferiority({ baseline, candidate, margin: 0.1, clusters });
    quantileInterval(baseline, 0.5);
    holm(baseline);
    benjaminiHochberg(baseline);
    spearman(baseline, candidate);
    isotonicRegression({ x: baseline, y: candidate });
    bootstrapInterval(baseline, mean);
    confidenceSequence(candidate);
  }).not.toThrow();
});
