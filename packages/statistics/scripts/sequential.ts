// How often a sequential test is wrong when it is looked at after every item, and how many items it takes:
// node packages/statistics/scripts/sequential.ts [studies of each design, 2000]
import {
  confidenceSequence,
  itemsToDecide,
  nonInferiority,
  seededRandom,
  sequentialNonInferiority,
} from "../src/index.ts";

const studies = Number(process.argv[2] ?? 2000);
const most = 2000;
const margin = 0.03;
const designs: readonly (readonly [name: string, onlyBaseline: number, onlyCandidate: number])[] = [
  ["on the line, 3 in 100 differ", 0.03, 0],
  ["on the line, 5 in 100 differ", 0.04, 0.01],
  ["on the line, 23 in 100 differ", 0.13, 0.1],
  ["on the line, 57 in 100 differ", 0.3, 0.27],
  ["8 points worse", 0.12, 0.04],
  ["alike, 4 in 100 differ", 0.02, 0.02],
  ["alike, 20 in 100 differ", 0.1, 0.1],
  ["3 points better", 0.05, 0.08],
];

console.log(
  `${studies} studies of up to ${most} items, margin ${margin}, confidence 0.95, looked at after every item.`,
);
console.log("once: items that one test of a number fixed before would take, with a power of 80 %.\n");
console.log(
  `${"truth".padEnd(34)}${["pass %", "fail %", "open %", "items", "once"].map((name) => name.padStart(8)).join("")}`,
);
for (const [name, onlyBaseline, onlyCandidate] of designs) {
  const random = seededRandom(1);
  const counts = { pass: 0, fail: 0, undecided: 0 };
  const taken: number[] = [];
  for (let study = 0; study < studies; study++) {
    const test = sequentialNonInferiority({ margin });
    let verdict: keyof typeof counts = "undecided";
    let items = 0;
    for (; items < most && verdict === "undecided"; items++) {
      const draw = random();
      const [loses, wins] = [draw < onlyBaseline, draw >= onlyBaseline && draw < onlyBaseline + onlyCandidate];
      ({ verdict } = test.add(wins ? 0 : 1, loses ? 0 : 1));
    }
    counts[verdict] += 1;
    taken.push(items);
  }
  taken.sort((left, right) => left - right);
  const difference = onlyCandidate - onlyBaseline;
  const once = itemsToDecide({
    distance: Math.abs(difference + margin) < 1e-9 ? 0 : difference + margin,
    deviation: Math.sqrt(onlyBaseline + onlyCandidate - difference ** 2),
  });
  const shares = Object.values(counts).map((count) => ((100 * count) / studies).toFixed(1));
  const columns = [...shares, String(taken[taken.length >> 1]), String(once)];
  console.log(name.padEnd(34) + columns.map((column) => column.padStart(8)).join(""));
}

// The intervals of a confidence sequence, and what becomes of a test for one look when it is looked at again and again.
const looks = 300;
const random = seededRandom(2);
const some = Math.ceil(studies / 10);
let [missed, passed] = [0, 0];
for (let study = 0; study < some; study++) {
  const values: number[] = [];
  let held = true;
  for (let look = 0; look < looks && held; look++) {
    values.push(random() < 0.1 ? 1 : 0);
    const { lower, upper } = confidenceSequence(values);
    held = lower <= 0.1 && upper >= 0.1;
  }
  if (!held) missed += 1;

  const [baseline, candidate]: [number[], number[]] = [[], []];
  for (let item = 0; item < looks; item++) {
    const draw = random();
    baseline.push(draw < 0.13 || draw > 0.23 ? 1 : 0);
    candidate.push(draw >= 0.13 ? 1 : 0);
    if (item < 20 || item % 10 > 0 || nonInferiority({ baseline, candidate, margin }).verdict !== "pass") continue;
    passed += 1;
    break;
  }
}
const percent = (count: number): string => `${((100 * count) / some).toFixed(1)} %`;
console.log(
  `\n${some} studies of ${looks} values: a confidence sequence at 95 % missed the truth at some look in ${percent(missed)};`,
);
console.log(`on the line, the test for one look passed at some look, of one every 10 items, in ${percent(passed)}.`);
