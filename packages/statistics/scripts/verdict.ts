// "The verdict can be trusted": how often `nonInferiority` passes wrongly, and rightly, over real pairs of models from the shared data.
//
//     node packages/statistics/scripts/verdict.ts
//
// The items of two models are a population; a study draws n of them with replacement. Right and wrong answers allow to sum over all that a
// study can show, so the rates are exact and not simulated. Two more columns stand beside ours: what the rules do that people use
// ("observed within the margin", "not significantly worse"), and what could be had at best.
import { sharedHas, sharedPath } from "@plugboard/recordings";
import { normalCdf, normalQuantile } from "../src/distributions/normal.ts";
import { nonInferiority } from "../src/index.ts";
import { modelPairs, outcomeFiles } from "../src/paired/model-pairs.ts";
import type { ModelPair } from "../src/paired/model-pairs.ts";
import { pairedProportionPValue } from "../src/paired/paired-proportion-test.ts";
import { passRate, passRegion } from "../src/paired/pass-rate.ts";
import { powerBound } from "../src/paired/power-bound.ts";
import { seededRandom } from "../src/random.ts";

const margin = 0.03;
const level = 0.05;
const z = normalQuantile(1 - level);
const sizes = [100, 150, 200, 300, 400, 600, 800];

if (!sharedHas("data")) throw new Error(`${sharedPath("data")} is not there; set PLUGBOARD_SHARED.`);
const pairs = outcomeFiles.flatMap(modelPairs);

interface Cell {
  readonly name: string;
  readonly wrong: boolean;
  readonly pairs: readonly ModelPair[];
}
const between = (from: number, to: number): ModelPair[] =>
  pairs.filter(({ difference }) => difference > from && difference <= to);
const cells: readonly Cell[] = [
  { name: "far worse: −20 to −8", wrong: true, pairs: between(-0.2, -0.08) },
  { name: "worse: −8 to −5", wrong: true, pairs: between(-0.08, -0.05) },
  { name: "just worse: −5 to −3", wrong: true, pairs: between(-0.05, -margin) },
  // No real pair stands exactly on the line, so the nearest are moved onto it: half of what is missing from either share.
  { name: "on the line: −3", wrong: true, pairs: between(-0.05, -0.01).map(ontoLine) },
  { name: "just within: −3 to −1", wrong: false, pairs: between(-margin, -0.01) },
  { name: "alike: −1 to +1", wrong: false, pairs: between(-0.01, 0.01) },
  { name: "better: +1 to +5", wrong: false, pairs: between(0.01, 0.05) },
];

console.log(`${pairs.length} ordered pairs of models, margin ${margin}, confidence ${1 - level}.\n`);
console.log("Share of studies that pass, in %: mean over pairs (of wrong passes also the worst pair).");
console.log(
  "ideal: the z test that knows each pair's true spread. bound: what no valid test can pass (Neyman and Pearson).\n",
);
console.log(
  `${"truth".padEnd(24)}${"pairs".padStart(6)}${"n".padStart(6)}${"ours".padStart(8)}${"worst".padStart(8)}${"ideal".padStart(8)}${"bound".padStart(8)}${"within".padStart(8)}${"n.s.".padStart(8)}`,
);
let worst = 0;
for (const cell of cells) {
  for (const items of sizes) {
    const ours = passRegion(
      items,
      (onlyBaseline, onlyCandidate) => pairedProportionPValue({ items, onlyBaseline, onlyCandidate }, -margin) <= level,
    );
    const rates = cell.pairs.map((pair) => passRate(items, ours, pair));
    const ideals = cell.pairs.map((pair) => idealRate(items, pair));
    const within = passRegion(items, (b, c) => (c - b) / items > -margin);
    const notSignificant = passRegion(items, (b, c) => pairedZ(items, b, c) > -normalQuantile(0.975));
    if (cell.wrong) worst = Math.max(worst, ...rates);
    const some = evenly(cell.pairs, 12);
    console.log(
      cell.name.padEnd(24) +
        String(cell.pairs.length).padStart(6) +
        String(items).padStart(6) +
        percent(mean(rates)) +
        (cell.wrong ? percent(Math.max(...rates)) : "".padStart(8)) +
        (cell.wrong ? "".padStart(8) : percent(mean(ideals))) +
        (cell.wrong || items > 400
          ? "".padStart(8)
          : percent(
              mean(rates) +
                mean(some.map((pair) => powerBound(items, pair, { margin, level }) - passRate(items, ours, pair))),
            )) +
        percent(mean(cell.pairs.map((pair) => passRate(items, within, pair)))) +
        percent(mean(cell.pairs.map((pair) => passRate(items, notSignificant, pair)))),
    );
  }
}
console.log(`\nworst wrong pass of any pair at any size: ${(100 * worst).toFixed(2)} %`);
missingItems();
if (worst > level) process.exitCode = 1;

/** What "undecided" is worth: draws of 200, and then as many more as were said to be missing. */
function missingItems(): void {
  const random = seededRandom(8);
  const draw = ({ baseline, candidate }: ModelPair, count: number): { baseline: number[]; candidate: number[] } => {
    const places = Array.from({ length: count }, () => Math.floor(random() * baseline.length));
    return { baseline: places.map((place) => baseline[place]!), candidate: places.map((place) => candidate[place]!) };
  };
  const counts = { pass: 0, fail: 0, undecided: 0 };
  let asked = 0;
  let decided = 0;
  for (const pair of evenly(
    pairs.filter(({ difference }) => Math.abs(difference) < 0.1),
    400,
  )) {
    const first = draw(pair, 200);
    const { verdict, missing, difference } = nonInferiority({ ...first, margin });
    counts[verdict] += 1;
    // Only where the guess was good can the promise be kept: the truth as far from the line as what was seen.
    const distance = (pair.difference + margin) / (difference.estimate + margin);
    if (verdict !== "undecided" || missing > 20_000 || distance < 0.8) continue;
    const second = draw(pair, 200 + missing);
    asked += 1;
    if (nonInferiority({ ...second, margin }).verdict !== "undecided") decided += 1;
  }
  console.log(`\nof 400 studies of 200 items: ${JSON.stringify(counts)}`);
  console.log(
    `a new study with the missing items, where the difference was not overestimated by more than a fifth: ` +
      `${decided} of ${asked} decided (asked for: 80 % or more).`,
  );
}

/** The z test of someone who knows the true spread. */
function idealRate(items: number, { difference, baselineRate, candidateRate }: ModelPair): number {
  const spread = Math.sqrt(baselineRate + candidateRate - difference ** 2);
  return 1 - normalCdf(z - ((difference + margin) / spread) * Math.sqrt(items));
}

function pairedZ(items: number, onlyBaseline: number, onlyCandidate: number): number {
  const mean = (onlyCandidate - onlyBaseline) / items;
  return mean === 0 ? 0 : mean / Math.sqrt(((onlyBaseline + onlyCandidate) / items - mean ** 2) / items);
}

function ontoLine(pair: ModelPair): ModelPair {
  const shift = (pair.difference + margin) / 2;
  const candidateRate = Math.max(0, pair.candidateRate - shift);
  return { ...pair, candidateRate, baselineRate: candidateRate + margin, difference: -margin };
}

function evenly<Item>(items: readonly Item[], count: number): Item[] {
  const step = Math.max(1, items.length / count);
  return Array.from({ length: Math.min(count, items.length) }, (_, place) => items[Math.floor(place * step)]!);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function percent(share: number): string {
  return (100 * share).toFixed(1).padStart(8);
}
