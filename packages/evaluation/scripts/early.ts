// "Stops as soon as it is decided": how often `parity` with `stopEarly` is wrong, and how many of the rows it asks. Nobody is asked: the answers
// are drawn, and given to what follows an evaluation, one item after another.
//
//     node packages/evaluation/scripts/early.ts [studies of each cell, 400] [rows of a dataset, 1000]
import { seededRandom } from "@plugboard/statistics";
import { EarlyStop } from "../src/parity/early-stop.ts";
import type { Gate } from "../src/parity/gate.ts";

const studies = Number(process.argv[2] ?? 400);
const rows = Number(process.argv[3] ?? 1000);
const random = seededRandom(23);
const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** A score and a cost of each model; of items in clusters, one that knows its place in it. */
type Draw = (place: number) => {
  readonly scores: readonly [number, number];
  readonly costs: readonly [number, number];
};

interface Design {
  readonly name: string;
  readonly gates: Readonly<Record<string, Gate>>;
  readonly cluster: number;
  readonly draw: () => Draw;
}

/** Answers of which `differ` are right of one model alone, and costs that go together, of the candidate so many times as much. */
function drawing(difference: number, times = 0.8, differ = 0.2): () => Draw {
  return () => () => {
    const isApart = random() < differ;
    const isBetter = random() < (1 + difference / differ) / 2;
    const shared = normal();
    return {
      scores: isApart ? (isBetter ? [0, 1] : [1, 0]) : [1, 1],
      costs: [Math.exp(0.4 * (shared + normal())), times * Math.exp(0.4 * (shared + normal()))],
    };
  };
}

/** Of some clusters of ten the candidate gets many wrong. */
function clustered(difference: number): () => Draw {
  return () => {
    let worse = 0;
    return (place) => {
      if (place % 10 === 0) worse = random() < 0.25 ? -4 * difference : 0;
      return { scores: [1, random() < worse ? 0 : 1], costs: [1, 1] };
    };
  };
}

const quality: Gate = { score: "exact", margin: 0.03 };
const cost: Gate = { measure: "cost", margin: "10%" };
const designs: readonly Design[] = [
  { name: "score, on the line", gates: { quality }, cluster: 1, draw: drawing(-0.03) },
  { name: "score, alike", gates: { quality }, cluster: 1, draw: drawing(0) },
  { name: "score, 4 points better", gates: { quality }, cluster: 1, draw: drawing(0.04) },
  { name: "score, 10 points worse", gates: { quality }, cluster: 1, draw: drawing(-0.1) },
  { name: "cost, on the line", gates: { cost }, cluster: 1, draw: drawing(0, 1.1) },
  { name: "cost, four fifths", gates: { cost }, cluster: 1, draw: drawing(0, 0.8) },
  { name: "clusters of 10, on the line", gates: { quality }, cluster: 10, draw: clustered(-0.03) },
  { name: "clusters of 10, 10 points worse", gates: { quality }, cluster: 10, draw: clustered(-0.1) },
  { name: "score and cost, score on the line", gates: { quality, cost }, cluster: 1, draw: drawing(-0.03) },
  { name: "score and cost, both hold", gates: { quality, cost }, cluster: 1, draw: drawing(0.02) },
];

console.log(
  `${studies} studies of each cell, datasets of ${rows} rows, margins of 3 points and 10 %, looked at after every item.`,
);
console.log(
  ["truth".padEnd(36), ...["pass %", "fail %", "open %", "asked, median"].map((name) => name.padStart(15))].join(""),
);
for (const { name, gates, cluster, draw } of designs) {
  const counts = { pass: 0, fail: 0, undecided: 0 };
  const asked: number[] = [];
  for (let study = 0; study < studies; study++) {
    const stop = new EarlyStop({ baseline: "a", candidate: "b", gates, segments: [] }, 1);
    const next = draw();
    const drawn = Array.from({ length: rows }, (_, place) => ({ place, mark: random(), ...next(place) }));
    // As they are asked: in random order, so that clusters are mixed.
    drawn.sort((left, right) => left.mark - right.mark);
    stop.rows(rows);
    for (const { place, scores, costs } of drawn) {
      if (!stop.next(`${place}`, 2)) break;
      for (const [which, model] of ["a", "b"].entries()) {
        stop.add({
          item: `${place}`,
          model,
          scores: { exact: scores[which]! },
          cost: { total: Math.round(1e6 * costs[which]!) },
          ...(cluster > 1 && { cluster: String(Math.floor(place / cluster)) }),
        });
      }
    }
    const { verdict, items } = stop.comparison();
    counts[verdict] += 1;
    asked.push(items);
  }
  asked.sort((left, right) => left - right);
  const shares = Object.values(counts).map((count) => ((100 * count) / studies).toFixed(1));
  console.log(
    [name.padEnd(36), ...[...shares, String(asked[asked.length >> 1])].map((cell) => cell.padStart(15))].join(""),
  );
}
