// How often intervals hold the truth, by simulation. For tests and scripts/coverage.ts; no part of the package.
import { cohenKappa } from "./agreement/cohen-kappa.ts";
import { krippendorffAlpha } from "./agreement/krippendorff-alpha.ts";
import { spearman } from "./agreement/spearman.ts";
import { bootstrapInterval } from "./bootstrap/bootstrap-interval.ts";
import { pairedBootstrap } from "./bootstrap/paired-bootstrap.ts";
import { normalQuantile } from "./distributions/normal.ts";
import type { Interval } from "./interval.ts";
import { meanInterval } from "./means/mean-interval.ts";
import { meanOf } from "./moments.ts";
import { pairedDifference } from "./paired/paired-difference.ts";
import { quantileOf } from "./quantiles/quantile-of.ts";
import { seededRandom } from "./random.ts";
import type { RandomSource } from "./random.ts";
import { passAtK } from "./runs/pass-at-k.ts";
import { passHatK } from "./runs/pass-hat-k.ts";
import { varianceComponents } from "./runs/variance-components.ts";

/** A kind of study, the truth of which is known. */
export interface Design {
  readonly name: string;
  readonly truth: number;
  /** Relative to others: of those that take long, fewer are simulated. */
  readonly cost?: number;
  readonly study: (random: RandomSource) => Interval;
}

/** Where the truth was, in so many studies. */
export interface Coverage {
  readonly held: number;
  readonly tooHigh: number;
  readonly tooLow: number;
}

/** Shares of studies whose interval held the truth, lay above it, and lay below it. */
export function coverageOf({ truth, study }: Design, studies: number, seed = 1): Coverage {
  const random = seededRandom(seed);
  let [tooHigh, tooLow] = [0, 0];
  for (let number = 0; number < studies; number++) {
    const { lower, upper } = study(random);
    if (lower > truth) tooHigh += 1 / studies;
    if (upper < truth) tooLow += 1 / studies;
  }
  return { held: 1 - tooHigh - tooLow, tooHigh, tooLow };
}

/** Studies as evaluations are: few items, crowded ends, clusters, repeated runs. */
export const designs: readonly Design[] = [
  { name: "mean of 15 normal values", truth: 0, study: (random) => meanInterval(times(15, () => normal(random))) },
  {
    name: "mean of 100 graded scores near 1",
    truth: 0.925,
    study: (random) =>
      meanInterval(
        times(100, () => grade(random, 0.9, 0.05)),
        { bounds: [0, 1] },
      ),
  },
  {
    name: "mean of 60 continuous scores near 0",
    truth: 1 / 6,
    study: (random) =>
      meanInterval(
        times(60, () => random() ** 5),
        { bounds: [0, 1] },
      ),
  },
  ...([0.5, 0.9, 0.97] as const).map((rate) => ({
    name: `accuracy ${rate}, 40 clusters of 1 to 12`,
    truth: rate,
    study: (random: RandomSource): Interval => meanInterval(...clustered(random, 40, rate)),
  })),
  {
    name: "accuracy 0.9, 150 clusters of 1 to 12",
    truth: 0.9,
    cost: 3,
    study: (random) => meanInterval(...clustered(random, 150, 0.9)),
  },
  {
    name: "accuracy 0.6, 10 clusters of 1 to 12",
    truth: 0.6,
    study: (random) => meanInterval(...clustered(random, 10, 0.6)),
  },
  {
    name: "accuracy 0.5, 20 clusters of 1 to 12",
    truth: 0.5,
    study: (random) => meanInterval(...clustered(random, 20, 0.5)),
  },
  {
    name: "accuracy 0.97, 40 clusters of 1 to 12, without bounds",
    truth: 0.97,
    study(random) {
      const [values, { clusters }] = clustered(random, 40, 0.97);
      return meanInterval(values, { clusters });
    },
  },
  {
    name: "mean of 12 unequal clusters, unbounded",
    truth: 0,
    study(random) {
      const keys = clusterKeys(12);
      const shared = times(12, () => normal(random));
      return meanInterval(
        keys.map((key) => shared[key]! * 0.6 + normal(random)),
        { clusters: keys },
      );
    },
  },
  {
    name: "accuracy of 60 items run 5 times",
    truth: 0.75,
    study(random) {
      const rates = times(60, () => 1 - (1 - Math.sqrt(random())) * 0.75);
      return meanInterval(
        rates.flatMap((rate) => times(5, () => (random() < rate ? 1 : 0))),
        { clusters: rates.flatMap((_, item) => times(5, () => item)), bounds: [0, 1] },
      );
    },
  },
  {
    name: "pass@3 of 80 items run 6 times",
    truth: 0.75,
    study: (random) => passAtK(repeated(random, 80, 6), { k: 3 }),
  },
  {
    name: "pass^3 of 80 items run 6 times",
    truth: 0.25,
    study: (random) => passHatK(repeated(random, 80, 6), { k: 3 }),
  },
  ...(
    [
      [0.05, 0.02, 100],
      [0.12, 0.1, 200],
      [0.01, 0.06, 200],
    ] as const
  ).map(([before, after, items]) => ({
    name: `difference of right answers, ${items} items, ${before} and ${after} discordant`,
    truth: after - before,
    cost: 20,
    study(random: RandomSource): Interval {
      const draws = times(items, () => random());
      return pairedDifference({
        baseline: draws.map((draw) => (draw < before || draw > 0.5 ? 1 : 0)),
        candidate: draws.map((draw) => ((draw >= before && draw < before + after) || draw > 0.5 ? 1 : 0)),
      });
    },
  })),
  {
    name: "difference of graded scores, 100 items, mostly equal",
    truth: 0.0175,
    study(random) {
      const baseline = times(100, () => (random() < 0.5 ? 0.5 : 1));
      // A tenth improve by a half where they can, a twentieth lose 0.15.
      const candidate = baseline.map((score) => {
        const draw = random();
        return draw < 0.1 ? 1 : draw < 0.15 ? score - 0.15 : score;
      });
      return pairedDifference({ baseline, candidate });
    },
  },
  {
    name: "difference of right answers, 50 clusters",
    truth: 0.3 * 0.1 - 0.7 * 0.7 * 0.2,
    study(random) {
      const keys = clusterKeys(50);
      const hard = times(50, () => random() < 0.3);
      const baseline = keys.map((key) => (hard[key]! || random() < 0.3 ? 0 : 1));
      const candidate = baseline.map((score, place) =>
        hard[keys[place]!]! ? (random() < 0.1 ? 1 : 0) : random() < 0.2 ? 0 : score,
      );
      return pairedDifference({ baseline, candidate, clusters: keys });
    },
  },
  {
    name: "mean of 40 skewed values, BCa",
    truth: 1,
    cost: 10,
    study: (random) =>
      bootstrapInterval(
        times(40, () => -Math.log(1 - random())),
        meanOf,
        { random, resamples: 500 },
      ),
  },
  {
    name: "ratio of medians of 60 latencies, BCa",
    truth: 1.2,
    cost: 10,
    study(random) {
      const baseline = times(60, () => Math.exp(normal(random)));
      const candidate = baseline.map(
        (value) => 1.2 * Math.exp(0.7 * Math.log(value) + Math.sqrt(0.51) * normal(random)),
      );
      return pairedBootstrap({ baseline, candidate, statistic: median, compare: "ratio", random, resamples: 500 });
    },
  },
  {
    name: "kappa of 100 items",
    truth: 0.6,
    study(random) {
      const first = times(100, () => (random() < 0.4 ? 1 : 0));
      const second = first.map((label) => (random() < 0.6 ? label : random() < 0.4 ? 1 : 0));
      return cohenKappa({ first, second });
    },
  },
  {
    name: "alpha of 60 items, 2 or 3 judges, bootstrap",
    truth: 0.6,
    cost: 10,
    study(random) {
      const items = times(60, () => {
        const truth = random() < 0.4 ? 1 : 0;
        // Each label is the item's own with √0.6, so two agree beyond chance with 0.6.
        return times(random() < 0.5 ? 2 : 3, () => (random() < Math.sqrt(0.6) ? truth : random() < 0.4 ? 1 : 0));
      });
      return krippendorffAlpha(items, { random, resamples: 500 });
    },
  },
  {
    name: "Spearman of 50 items",
    truth: (6 / Math.PI) * Math.asin(0.35),
    study(random) {
      const first = times(50, () => normal(random));
      return spearman(
        first,
        first.map((value) => 0.7 * value + Math.sqrt(0.51) * normal(random)),
      );
    },
  },
  {
    name: "variance within, 80 items run 4 times, bootstrap",
    truth: 1 / 6,
    cost: 10,
    study: (random) =>
      varianceComponents(
        times(80, () => {
          const rate = random();
          return times(4, () => (random() < rate ? 1 : 0));
        }),
        { random, resamples: 500 },
      ).within,
  },
];

function times<Value>(count: number, make: (place: number) => Value): Value[] {
  return Array.from({ length: count }, (_, place) => make(place));
}

function normal(random: RandomSource): number {
  return normalQuantile((random() * 2 ** 32 + 0.5) / 2 ** 32);
}

function median(values: readonly number[]): number {
  return quantileOf(
    values.toSorted((left, right) => left - right),
    0.5,
  );
}

function grade(random: RandomSource, right: number, half: number): number {
  const draw = random();
  return draw < right ? 1 : draw < right + half ? 0.5 : 0;
}

/** Sizes of 1 to 12 in turn. */
function clusterKeys(clusters: number): number[] {
  return times(clusters, (cluster) => times(1 + ((cluster * 5) % 12), () => cluster)).flat();
}

/** Right answers that correlate by 0.3 within a cluster: three in ten times √ of it, an item is as its cluster is. */
function clustered(
  random: RandomSource,
  clusters: number,
  rate: number,
): [number[], { readonly clusters: readonly number[]; readonly bounds: readonly [0, 1] }] {
  const keys = clusterKeys(clusters);
  const shared = times(clusters, () => (random() < rate ? 1 : 0));
  const values = keys.map((key) => (random() < Math.sqrt(0.3) ? shared[key]! : random() < rate ? 1 : 0));
  return [values, { clusters: keys, bounds: [0, 1] }];
}

/** Items whose rates of success are spread evenly. */
function repeated(random: RandomSource, items: number, trials: number): { trials: number; successes: number }[] {
  return times(items, () => {
    const rate = random();
    return { trials, successes: times(trials, () => random()).filter((draw) => draw < rate).length };
  });
}
