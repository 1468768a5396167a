// How often a canary's test is wrong when it is looked at all the time, and how soon it finds what is worse:
// node packages/statistics/scripts/traffic.ts [studies of each design, 300]
import { alarmAt } from "../src/sequential/traffic.samples.ts";
import type { Traffic } from "../src/sequential/traffic.samples.ts";

const studies = Number(process.argv[2] ?? 300);
const usual: Traffic = { users: 1000, calls: 5000, share: 0.1, rate: 0.02, worse: 0, troubled: 0 };
const designs: readonly (readonly [name: string, traffic: Traffic, margin: number])[] = [
  ["alike, 1,000 users", usual, 0],
  ["alike, 10,000 users, half of them moved", { ...usual, users: 10_000, share: 0.5 }, 0],
  ["alike, 2,000 users, 2 % moved", { ...usual, users: 2000, share: 0.02 }, 0],
  ["alike, 100 users, a tenth of them troubled", { ...usual, users: 100, share: 0.2, rate: 0.1, troubled: 0.1 }, 0],
  ["alike, 40 users, half of them moved", { ...usual, users: 40, share: 0.5, rate: 0.1, troubled: 0.1 }, 0],
  ["alike, nine of ten calls fail", { ...usual, users: 100, share: 0.5, rate: 0.9 }, 0],
  ["worse by just the margin of 3 points", { ...usual, share: 0.3, rate: 0.1, worse: 0.03 }, 0.03],
  ["10 points worse, margin 2, 10 % moved", { ...usual, users: 10_000, worse: 0.1 }, 0.02],
  ["10 points worse, margin 2, half moved", { ...usual, users: 10_000, share: 0.5, worse: 0.1 }, 0.02],
  ["all calls fail, margin 2, 10 % moved", { ...usual, users: 10_000, worse: 0.98 }, 0.02],
];

console.log(`${studies} canaries of 5,000 calls each, confidence 0.95, looked at after every tenth call.\n`);
console.log("| traffic | taken back | call of the candidate's, median |\n| --- | --- | --- |");
for (const [name, traffic, margin] of designs) {
  const found: number[] = [];
  for (let seed = 1; seed <= studies; seed++) {
    const call = alarmAt(traffic, margin, seed);
    if (call !== undefined) found.push(call);
  }
  found.sort((left, right) => left - right);
  const median = found.length > studies / 2 ? String(Math.round(found[found.length >> 1]! * traffic.share)) : "–";
  console.log(`| ${name} | ${((100 * found.length) / studies).toFixed(1)} % | ${median} |`);
}
