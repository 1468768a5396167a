// What is tried: kinds of studies whose right verdict is known. For the test of verdicts and scripts/verdict.ts; no part of the package.
import { quantileOf, seededRandom } from "@plugboard/statistics";
import type { RandomSource } from "@plugboard/statistics";
import type { CompareOptions } from "../compare.ts";
import type { Gate } from "../gate.ts";
import { draw, movedTo, placeOf, populationOf } from "./population.ts";
import type { Population, Telling } from "./population.ts";
import type { Outcome, RealPair } from "./real-pairs.ts";

/** A kind of study. */
export interface Design {
  readonly name: string;
  /** Whether a gate is truly missed, so that a pass is wrong. */
  readonly missed: boolean;
  readonly settings: readonly Setting[];
  readonly options: Pick<CompareOptions, "gates" | "segments">;
  /** Takes many times as long as others, so that fewer studies are drawn. */
  readonly slow?: boolean;
}

/** A population, how studies are drawn from it, and what someone would say who knows it. */
export interface Setting {
  readonly population: Population;
  readonly telling: Telling;
  readonly draw: (items: number, random: RandomSource) => number[];
  /** Whether a test passes that knows the true spread, and so need not estimate it. */
  readonly ideal: (drawn: readonly number[]) => boolean;
}

/** Points that a score may lose in all designs. */
const margin = 0.03;
/** The share by which time and money may be more. */
const share = 0.1;
const z = 1.6448536269514722;

const quality: Readonly<Record<string, Gate>> = { quality: { score: "quality", margin } };

/** One gate for a score, with pairs near and far from its margin. */
export function scoreDesigns(kind: string, pairs: readonly RealPair[]): readonly Design[] {
  const between = (from: number, to: number): readonly Population[] =>
    pairs.filter(({ difference }) => difference > from && difference <= to).map((pair) => populationOf(pair));
  const near = evenly(
    pairs.filter(({ difference }) => Math.abs(difference + margin) < 0.02),
    60,
  );
  const of = (name: string, missed: boolean, populations: readonly Population[]): Design => ({
    name: `${kind}, ${name}`,
    missed,
    settings: populations.map((population) => scoreSetting(population)),
    options: { gates: quality },
  });
  return [
    of("−20 to −8", true, between(-0.2, -0.08)),
    of("−8 to −5", true, between(-0.08, -0.05)),
    of("−5 to −3", true, between(-0.05, -margin)),
    of(
      "moved to −3",
      true,
      near.map((pair) => movedTo(pair, -margin)),
    ),
    of("−3 to −1", false, between(-margin, -0.01)),
    of("−1 to +1", false, between(-0.01, 0.01)),
    of("+1 to +5", false, between(0.01, 0.05)),
  ].filter(({ settings }) => settings.length > 0);
}

function scoreSetting(population: Population, telling: Telling = {}): Setting {
  return {
    population,
    telling,
    draw: (items, random) => draw(population, items, random),
    ideal: (drawn) => passesIdeally(population, drawn),
  };
}

/** The paired z test of someone who knows the spread. */
function passesIdeally({ pair, deviation }: Population, drawn: readonly number[]): boolean {
  let gain = 0;
  for (const item of drawn) gain += pair.candidate[item]!.score - pair.baseline[item]!.score;
  return gain / drawn.length + margin > (z * deviation) / Math.sqrt(drawn.length);
}

/** Some answers that could not be judged, fewer than the tolerance, and failed calls, which count as wrong. */
export function gapDesigns(pairs: readonly RealPair[]): readonly Design[] {
  const near = evenly(
    pairs.filter(({ difference }) => Math.abs(difference + margin) < 0.02),
    30,
  );
  const gapped = (difference: number): readonly Setting[] =>
    near.map((pair) =>
      scoreSetting(movedTo(pair, difference), {
        unjudged: (place, model) => place % 160 === (model === "baseline" ? 3 : 7),
      }),
    );
  return [
    { name: "1.2 % unjudged, moved to −3", missed: true, settings: gapped(-margin), options: { gates: quality } },
    { name: "1.2 % unjudged, moved to +1", missed: false, settings: gapped(0.01), options: { gates: quality } },
  ];
}

/** Ten items of each cluster, the tasks of a set being what clusters are drawn from. */
export function clusterDesigns(pairs: readonly RealPair[]): readonly Design[] {
  const near = evenly(
    pairs.filter(({ difference }) => Math.abs(difference) < 0.06),
    12,
  );
  const of = (name: string, difference: number): Design => ({
    name: `clusters of 10, ${name}`,
    missed: difference <= -margin,
    settings: near.map((pair) => clusterSetting(pair, difference)),
    options: { gates: quality },
  });
  return [of("moved to −3", -margin), of("moved to 0", 0), of("moved to +3", 0.03)];
}

const clusterSize = 10;

function clusterSetting(pair: RealPair, difference: number): Setting {
  const byTask = [...Map.groupBy(pair.tasks.keys(), (place) => pair.tasks[place]!).values()];
  const population = movedTo(evenTasks(pair, byTask), difference);
  const [even, tasks] = [population.pair, [...new Set(population.pair.tasks)]];
  const members = tasks.map((task) => [...even.tasks.keys()].filter((place) => even.tasks[place] === task));
  const sums = members.map((places) => {
    let sum = 0;
    return places.map((place) => (sum += population.weights[place]!));
  });
  const totals = sums.map((list) => list.at(-1)!);
  let sumOfTotals = 0;
  const starts = totals.map((total) => (sumOfTotals += total));
  const means = members.map((places, task) =>
    places.reduce(
      (sum, place) =>
        sum +
        (population.weights[place]! / totals[task]!) * (even.candidate[place]!.score - even.baseline[place]!.score),
      0,
    ),
  );
  // The variance of a cluster's mean: between tasks, and within them by its size.
  let [between, squares] = [0, 0];
  for (const [task, mean] of means.entries()) between += totals[task]! * (mean - population.difference) ** 2;
  for (const [place, weight] of population.weights.entries())
    squares += weight * (even.candidate[place]!.score - even.baseline[place]!.score) ** 2;
  const within = squares - means.reduce((sum, mean, task) => sum + totals[task]! * mean ** 2, 0);
  const deviation = Math.sqrt(between + within / clusterSize);
  return {
    population,
    telling: { cluster: (place) => String(Math.floor(place / clusterSize)) },
    draw: (items, random) =>
      Array.from({ length: Math.ceil(items / clusterSize) }, () => {
        const task = placeOf(starts, random);
        return Array.from({ length: clusterSize }, () => members[task]![placeOf(sums[task]!, random)]!);
      })
        .flat()
        .slice(0, items),
    ideal(drawn) {
      let gain = 0;
      for (const item of drawn) gain += even.candidate[item]!.score - even.baseline[item]!.score;
      return gain / drawn.length + margin > (z * deviation) / Math.sqrt(drawn.length / clusterSize);
    },
  };
}

/** As many items of each task. */
function evenTasks(pair: RealPair, byTask: readonly (readonly number[])[]): RealPair {
  const least = Math.min(...byTask.map(({ length }) => length));
  const places = byTask.flatMap((list) => list.slice(0, least));
  return {
    ...pair,
    tasks: places.map((place) => pair.tasks[place]!),
    baseline: places.map((place) => pair.baseline[place]!),
    candidate: places.map((place) => pair.candidate[place]!),
  };
}

/** Groups that must each hold, so that a fail for any is wrong; or of which one is far worse. */
export function groupDesigns(pairs: readonly RealPair[]): readonly Design[] {
  const near = evenly(
    pairs.filter(({ difference }) => Math.abs(difference) < 0.06),
    12,
  );
  return [
    {
      name: "14 groups, all moved to −3",
      missed: true,
      settings: near.map((pair) => groupSetting(pair, () => -margin)),
      options: { gates: quality, segments: ["task"] },
    },
    {
      name: "14 groups, all moved to +2",
      missed: false,
      settings: near.map((pair) => groupSetting(pair, () => 0.02)),
      options: { gates: quality, segments: ["task"] },
    },
  ];
}

function groupSetting(pair: RealPair, differenceOf: (task: string) => number): Setting {
  const weights = new Float64Array(pair.tasks.length);
  for (const [task, places] of Map.groupBy(pair.tasks.keys(), (place) => pair.tasks[place]!)) {
    const part = movedTo(
      {
        ...pair,
        tasks: places.map(() => task),
        baseline: places.map((place) => pair.baseline[place]!),
        candidate: places.map((place) => pair.candidate[place]!),
      },
      differenceOf(task),
    );
    for (const [number, place] of places.entries())
      weights[place] = (part.weights[number]! * places.length) / pair.tasks.length;
  }
  return scoreSetting(populationOf(pair, weights), { segments: true });
}

/** What becomes of money and time: by what the candidate's true figure is more than the baseline's. */
interface Figures {
  readonly difference: number;
  readonly cost: number;
  readonly latency: number;
}

const held: Figures = { difference: 0.03, cost: 0.9, latency: 0.85 };

/** Quality, cost and latency at once, each at its margin or well within. */
export function severalDesigns(pairs: readonly RealPair[], statistic: "p50" | "p95"): readonly Design[] {
  const timed = pairs.filter(
    ({ baseline, candidate, difference }) =>
      Math.abs(difference) < 0.08 && [...baseline, ...candidate].every(({ latencyMs }) => latencyMs !== undefined),
  );
  const some = evenly(timed, 8);
  const of = (name: string, figures: Partial<Figures>): Design => ({
    name: `quality, cost and ${statistic}, ${name}`,
    missed: Object.keys(figures).length > 0,
    settings: some.map((pair) => severalSetting(pair, { ...held, ...figures }, Number(statistic.slice(1)) / 100)),
    options: {
      gates: {
        ...quality,
        cost: { measure: "cost", margin: `${100 * share}%` },
        latency: { measure: "latency", statistic, margin: `${100 * share}%` },
      },
    },
    slow: true,
  });
  return [
    of("quality at −3", { difference: -margin }),
    of("cost at +10 %", { cost: 1 + share }),
    of(`${statistic} at +10 %`, { latency: 1 + share }),
    of("all three at their margin", { difference: -margin, cost: 1 + share, latency: 1 + share }),
    of("all hold", {}),
  ];
}

function severalSetting(pair: RealPair, figures: Figures, quantile: number): Setting {
  const population = movedTo(pair, figures.difference);
  const meanOf = (outcomes: readonly Outcome[]): number =>
    outcomes.reduce((sum, { costUSD = 0 }, place) => sum + population.weights[place]! * costUSD, 0);
  const cost = (figures.cost * meanOf(pair.baseline)) / meanOf(pair.candidate);
  const latency =
    (figures.latency * trueQuantile(population, pair.baseline, quantile)) /
    trueQuantile(population, pair.candidate, quantile);

  // Someone who knows the truth knows how far the candidate's cost less 1.1 times the baseline's spreads, …
  const excess = pair.candidate.map(
    ({ costUSD = 0 }, place) => costUSD * cost - (1 + share) * (pair.baseline[place]!.costUSD ?? 0),
  );
  let [mean, square] = [0, 0];
  for (const [place, value] of excess.entries()) {
    mean += population.weights[place]! * value;
    square += population.weights[place]! * value * value;
  }
  const deviation = Math.sqrt(square - mean ** 2);

  // … and how a ratio of percentiles would, were it truly 1.1.
  const ratioOf = (drawn: readonly number[]): number =>
    (latency * sampleQuantile(pair.candidate, drawn, quantile)) / sampleQuantile(pair.baseline, drawn, quantile);
  const criticals = new Map<number, number>();
  const criticalOf = (items: number): number => {
    let critical = criticals.get(items);
    if (critical === undefined) {
      const random = seededRandom(items);
      const ratios = Array.from({ length: 2000 }, () => ratioOf(draw(population, items, random)));
      const onLine = ratios.map((ratio) => (ratio * (1 + share)) / figures.latency);
      criticals.set(items, (critical = quantileOf(onLine.toSorted(upwards), 0.05)));
    }
    return critical;
  };
  return {
    population,
    telling: { cost, latency },
    draw: (items, random) => draw(population, items, random),
    ideal(drawn) {
      let sum = 0;
      for (const item of drawn) sum += excess[item]!;
      const isCheap = sum / drawn.length < (-z * deviation) / Math.sqrt(drawn.length);
      return passesIdeally(population, drawn) && isCheap && ratioOf(drawn) <= criticalOf(drawn.length);
    },
  };
}

function trueQuantile({ weights }: Population, outcomes: readonly Outcome[], quantile: number): number {
  const order = [...outcomes.keys()].toSorted(
    (left, right) => outcomes[left]!.latencyMs! - outcomes[right]!.latencyMs!,
  );
  let sum = 0;
  for (const place of order) if ((sum += weights[place]!) >= quantile) return outcomes[place]!.latencyMs!;
  return NaN;
}

function sampleQuantile(outcomes: readonly Outcome[], drawn: readonly number[], quantile: number): number {
  return quantileOf(drawn.map((place) => outcomes[place]!.latencyMs!).toSorted(upwards), quantile);
}

function upwards(left: number, right: number): number {
  return left - right;
}

/** So many of them, from the first to the last. */
export function evenly<Item>(items: readonly Item[], count: number): readonly Item[] {
  const step = Math.max(1, items.length / count);
  return Array.from({ length: Math.min(count, items.length) }, (_, place) => items[Math.floor(place * step)]!);
}
