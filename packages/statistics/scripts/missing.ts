// "How many items are missing": of studies that are undecided and are gone on with by as many, how many are decided then. 80 % are promised.
//
//     node packages/statistics/scripts/missing.ts [studies of each cell, 1000]
//
// Studies are of real pairs of models, right or wrong, within 10 points of the line, each as often as the others; items are drawn from those of
// the pair, with replacement. The promise is on average over what the truth may be after what was seen, so it is looked at by that: by how many
// standard errors the difference that was seen lies from the line. By the truth it cannot hold: who stands on the line is decided in 10 %.
import { sharedHas, sharedPath } from "@plugboard/recordings";
import { nonInferiority, seededRandom } from "../src/index.ts";
import { modelPairs, outcomeFiles } from "../src/paired/model-pairs.ts";
import type { ModelPair } from "../src/paired/model-pairs.ts";

const studies = Number(process.argv[2] ?? 1000);
const margin = 0.03;
const bands = [0, 0.5, 1, 1.645];
const truths = [0.005, 0.02, 0.04, 0.1];

if (!sharedHas("data")) throw new Error(`${sharedPath("data")} is not there; set PLUGBOARD_SHARED.`);
const pairs = outcomeFiles.flatMap(modelPairs).filter(({ difference }) => Math.abs(difference + margin) < 0.1);

/** A pair's scores, on the same items. */
interface Scores {
  readonly baseline: number[];
  readonly candidate: number[];
}

function draw({ baseline, candidate }: ModelPair, items: number, random: () => number): Scores {
  const places = Array.from({ length: items }, () => Math.floor(random() * baseline.length));
  return { baseline: places.map((place) => baseline[place]!), candidate: places.map((place) => candidate[place]!) };
}

/** Decided, of how many. */
class Share {
  #hits = 0;
  #size = 0;

  add(isHit: boolean): void {
    this.#size += 1;
    if (isHit) this.#hits += 1;
  }

  toString(): string {
    if (this.#size === 0) return "–".padStart(16);
    return `${((100 * this.#hits) / this.#size).toFixed(1)} % of ${this.#size}`.padStart(16);
  }
}

console.log(`${pairs.length} pairs, margin ${margin}, ${studies} studies of each number of items.`);
const byBand = bands.slice(1).map((most, place) => `seen ${bands[place]}–${most}`);
const byTruth = truths.map((most, place) => `true ${100 * (truths[place - 1] ?? 0)}–${100 * most}`);
console.log(
  ["n", "undecided", ...byBand, "all", ...byTruth, "beyond"]
    .map((name, place) => name.padStart(place > 0 ? 16 : 6))
    .join(""),
);
for (const items of [50, 100, 200, 400, 800]) {
  const random = seededRandom(items);
  const [open, all, beyond] = [new Share(), new Share(), new Share()];
  const seen = byBand.map(() => new Share());
  const byTruthShares = byTruth.map(() => new Share());
  for (let study = 0; study < studies; study++) {
    const pair = pairs[Math.floor(random() * pairs.length)]!;
    const first = draw(pair, items, random);
    const { verdict, missing, difference } = nonInferiority({ ...first, margin });
    open.add(verdict === "undecided");
    if (verdict !== "undecided") continue;
    beyond.add(missing === Infinity);
    if (missing === Infinity) continue;
    const more = draw(pair, missing, random);
    const later = nonInferiority({
      baseline: [...first.baseline, ...more.baseline],
      candidate: [...first.candidate, ...more.candidate],
      margin,
    });
    const isDecided = later.verdict !== "undecided";
    all.add(isDecided);
    const width = (difference.upper - difference.lower) / 2;
    const away = Math.min(1.644, (1.645 * Math.abs(difference.estimate + margin)) / width);
    seen[bands.findIndex((most) => away < most) - 1]!.add(isDecided);
    byTruthShares[truths.findIndex((most) => Math.abs(pair.difference + margin) <= most)]!.add(isDecided);
  }
  console.log([String(items).padStart(6), open, ...seen, all, ...byTruthShares, beyond].join(""));
}
