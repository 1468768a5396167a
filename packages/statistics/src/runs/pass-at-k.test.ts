import fc from "fast-check";
import { expect, test } from "vitest";
import { meanInterval } from "../means/mean-interval.ts";
import { seededRandom } from "../random.ts";
import { passAtK } from "./pass-at-k.ts";

/** Share of the draws of k runs of n, all of them looked at, with at least one of the first c. */
function byEnumeration(trials: number, successes: number, k: number): number {
  let [draws, passes] = [0, 0];
  for (let subset = 0; subset < 2 ** trials; subset++) {
    const chosen = Array.from({ length: trials }, (_, run) => run).filter((run) => subset & (1 << run));
    if (chosen.length !== k) continue;
    draws += 1;
    if (chosen.some((run) => run < successes)) passes += 1;
  }
  return passes / draws;
}

test("Chen et al. 2021: the share of draws of k runs in which one succeeds", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 8 }), fc.nat(8), fc.integer({ min: 1, max: 8 }), (trials, successes, k) => {
      fc.pre(successes <= trials && k <= trials);
      const item = { trials, successes };
      expect(passAtK([item, item], { k }).estimate).toBeCloseTo(byEnumeration(trials, successes, k), 12);
    }),
    { numRuns: 60 },
  );
});

test("their numerically stable product, for hundreds of runs: 1 − Π (1 − k/i)", () => {
  const [trials, successes, k] = [200, 13, 100];
  let none = 1;
  for (let run = trials - successes + 1; run <= trials; run++) none *= 1 - k / run;
  const item = { trials, successes };
  expect(passAtK([item, item], { k }).estimate).toBeCloseTo(1 - none, 12);
});

test("has no bias, where 1 − (1 − c/n)^k has", () => {
  const random = seededRandom(6);
  const items = Array.from({ length: 20_000 }, () => ({
    trials: 5,
    successes: Array.from({ length: 5 }, () => random()).filter((draw) => draw < 0.3).length,
  }));
  expect(passAtK(items, { k: 3 }).estimate).toBeCloseTo(1 - 0.7 ** 3, 2);
  const naive = items.reduce((sum, { successes }) => sum + 1 - (1 - successes / 5) ** 3, 0) / items.length;
  expect(naive).toBeLessThan(1 - 0.7 ** 3 - 0.05);
});

test("takes items for what is independent", () => {
  const items = [
    { trials: 5, successes: 2 },
    { trials: 5, successes: 0 },
    { trials: 4, successes: 3 },
  ];
  const expected = meanInterval([0.7, 0, 1], { bounds: [0, 1] });
  const interval = passAtK(items, { k: 2 });
  expect(interval.lower).toBeCloseTo(expected.lower, 9);
  expect(interval.upper).toBeCloseTo(expected.upper, 9);
  expect(passAtK(items.slice(0, 2), { k: 2 }).estimate).toBeCloseTo(0.35, 12);
});
