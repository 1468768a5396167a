import { seededRandom } from "@plugboard/statistics";
import { describe, expect, test } from "vitest";
import { contestOf } from "./contest.ts";
import type { Contest } from "./contest.ts";
import { settleGates } from "./gate.ts";
import type { Gate } from "./gate.ts";
import type { Sample } from "./sample-of.ts";

/** Figures of two models on the same items, and what they belong to. */
function sampleFrom(
  draw: (place: number) => readonly [baseline: readonly number[], candidate: readonly number[]],
  items: number,
  clusters?: readonly string[],
): Sample {
  const pairs = Array.from({ length: items }, (_, place) => draw(place));
  return {
    items: pairs.map((_, place) => ({
      item: `${place}`,
      cluster: undefined,
      segments: {},
      baseline: [],
      candidate: [],
    })),
    baseline: pairs.map(([baseline]) => baseline),
    candidate: pairs.map(([, candidate]) => candidate),
    unjudged: { baseline: [], candidate: [] },
    ...(clusters && { clusters }),
  };
}

function contest(gate: Gate, sample: Sample): Contest {
  const found = contestOf(settleGates({ gate })[0]!, sample);
  if ("reason" in found) throw new Error(found.reason);
  return found;
}

describe("at the margin, where a pass is as wrong as it can be, figures pass in about 5 % of studies", () => {
  // Latencies and costs are skewed to the right, and those of two models on one item go together.
  test.each<[string, Gate, number, number]>([
    ["mean cost", { measure: "cost", margin: "10%" }, 60, 400],
    ["median latency", { measure: "latency", statistic: "p50", margin: "10%" }, 60, 150],
    ["95th percentile of latency", { measure: "latency", statistic: "p95", margin: "10%" }, 120, 150],
  ])("%s", (_, gate, items, studies) => {
    const random = seededRandom(29);
    const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    let passed = 0;
    for (let study = 0; study < studies; study++) {
      const draw = (): readonly [number[], number[]] => {
        const shared = normal();
        return [[1000 * Math.exp(0.4 * (shared + normal()))], [1100 * Math.exp(0.4 * (shared + normal()))]];
      };
      if (contest(gate, sampleFrom(draw, items)).verdictAt(0.95) === "pass") passed += 1;
    }
    const deviation = Math.sqrt(0.05 * 0.95 * studies);
    expect(passed).toBeLessThan(0.05 * studies + 3 * deviation);
  });
});

test("the interval of a ratio is that of Fieller, by his formula", () => {
  const baseline = [10, 12, 9, 15, 11, 14, 10, 13, 12, 8, 11, 10, 12, 13, 9, 14, 11, 10, 12, 15];
  const candidate = [9, 13, 8, 13, 12, 12, 9, 12, 11, 9, 10, 9, 12, 11, 8, 14, 10, 9, 11, 14];
  const { difference } = contest(
    { measure: "cost", margin: "10%" },
    sampleFrom((place) => [[baseline[place]!], [candidate[place]!]], 20),
  );
  const interval = difference(0.9);
  // Fieller 1954, with t(0.95; 19) = 1.729133: the roots of (y² − t² Vy) − 2ρ(xy − t² Vxy) + ρ²(x² − t² Vx) = 0.
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(baseline), mean(candidate)];
  const over = (left: readonly number[], right: readonly number[]): number =>
    left.reduce((sum, value, place) => sum + (value - mean(left)) * (right[place]! - mean(right)), 0) / 19 / 20;
  const square = 1.729133 ** 2;
  const [a, b, c] = [
    x * x - square * over(baseline, baseline),
    x * y - square * over(baseline, candidate),
    y * y - square * over(candidate, candidate),
  ];
  const root = Math.sqrt(b * b - a * c);
  expect(interval.estimate).toBeCloseTo(y / x - 1, 12);
  expect(interval.lower).toBeCloseTo((b - root) / a - 1, 5);
  expect(interval.upper).toBeCloseTo((b + root) / a - 1, 5);
});

test("a percentile is that of all answers, repeats included, and is drawn again by item or cluster", () => {
  const random = seededRandom(7);
  const draw = (place: number): readonly [number[], number[]] => {
    const slow = place % 10 === 0 ? 1000 : 100;
    return [Array.from({ length: 4 }, () => slow + random()), Array.from({ length: 4 }, () => slow + random())];
  };
  const gate: Gate = { measure: "latency", statistic: "p95", margin: 5 };
  const single = contest(gate, sampleFrom(draw, 120));
  expect(single.sides(0.9).baseline.estimate).toBeGreaterThan(1000);
  expect(single.difference(0.9).lower).toBeGreaterThan(-5);
  // Were all slow items of one cluster, a sample might have none of them.
  const clusters = Array.from({ length: 120 }, (_, place) => (place % 10 === 0 ? "slow" : `${place}`));
  expect(contest(gate, sampleFrom(draw, 120, clusters)).sides(0.9).baseline.lower).toBeLessThan(200);
});

test("items that are said to be missing bring a decision about as often as they should", () => {
  const random = seededRandom(13);
  const draw = (): readonly [number[], number[]] => [[random() < 0.8 ? 1 : 0], [random() < 0.8 ? 1 : 0]];
  const gate: Gate = { score: "exact", margin: 0.1 };
  // Of equals: 2 × 0.8 × 0.2 = 0.32 of the items differ, so (1.645 + 0.842)² 0.32 / 0.1² = 198 items decide in 80 %.
  const pilot = contest(
    gate,
    sampleFrom((place) => [[place % 5 > 0 ? 1 : 0], [place % 5 !== 1 ? 1 : 0]], 50),
  );
  const missing = pilot.missing(0.95, 0.8)!;
  expect(missing + 50).toBeGreaterThan(180);
  // What 50 items say of the truth is little, so that it is reckoned with a smaller difference, too.
  expect(missing + 50).toBeLessThan(1000);
  let passed = 0;
  for (let study = 0; study < 100; study++)
    if (contest(gate, sampleFrom(draw, 50 + missing)).verdictAt(0.95) === "pass") passed += 1;
  expect(passed).toBeGreaterThan(65);
});
