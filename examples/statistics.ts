// May a cheaper model take the place of the one in use? Graded answers of both, and what can be said of them.
import assert from "node:assert/strict";
import {
  holm,
  itemsToDecide,
  nonInferiority,
  pairedBootstrap,
  quantileOf,
  seededRandom,
  sequentialNonInferiority,
} from "@plugboard/statistics";

// Stands for an evaluation: both models are right on 80 % of items; on 4 % only one of them is. The candidate is faster.
const random = seededRandom(2026);
const items = Array.from({ length: 1000 }, () => {
  const [right, differs, better] = [random() < 0.8, random() < 0.04, random() < 0.5];
  const delay = 400 + 600 * random() ** 3;
  const before = differs ? !better : right;
  const after = differs ? better : right;
  return { baseline: Number(before), candidate: Number(after), delay, otherDelay: 0.7 * delay + 50 * random() };
});
const baseline = items.map((item) => item.baseline);
const candidate = items.map((item) => item.candidate);

console.log("After 100 items:");
const early = nonInferiority({ baseline: baseline.slice(0, 100), candidate: candidate.slice(0, 100), margin: 0.03 });
console.log(`  ${early.verdict}; missing: ${early.missing}`);
assert.equal(early.verdict, "undecided");

console.log("What it would take, if models differ on 4 % of items:");
console.log(`  ${itemsToDecide({ distance: 0.03, deviation: Math.sqrt(0.04) })} items`);

console.log("After 1000 items:");
const { verdict, difference, pValue } = nonInferiority({ baseline, candidate, margin: 0.03 });
const [lower, upper] = [difference.lower, difference.upper].map((bound) => (100 * bound).toFixed(1));
console.log(`  ${verdict}; ${lower} to ${upper} points, p = ${pValue.toExponential(1)}`);
assert.equal(verdict, "pass");

console.log("Looked at after every item, it could have stopped:");
const test = sequentialNonInferiority({ margin: 0.03 });
const stop = items.find((item) => test.add(item.baseline, item.candidate).verdict !== "undecided");
assert.ok(stop, "It should have come to a verdict.");
console.log(`  after ${items.indexOf(stop) + 1} items`);

console.log("The slowest answers, candidate by baseline:");
const p95 = (values: readonly number[]): number =>
  quantileOf(
    values.toSorted((left, right) => left - right),
    0.95,
  );
const ratio = pairedBootstrap({
  baseline: items.map((item) => item.delay),
  candidate: items.map((item) => item.otherDelay),
  statistic: p95,
  compare: "ratio",
});
console.log(`  ${ratio.estimate.toFixed(2)}, from ${ratio.lower.toFixed(2)} to ${ratio.upper.toFixed(2)}`);
assert.ok(ratio.upper < 1);

console.log("Three gates that must hold together:");
console.log(
  `  ${holm([pValue, 0.012, 0.03])
    .map((adjusted) => adjusted.toFixed(3))
    .join(", ")}`,
);
