import { expect, test } from "vitest";
import { normalCdf } from "../distributions/normal.ts";
import { passRate, passRegion } from "./pass-rate.ts";

test("sums over all that samples can show", () => {
  // Passes with at least as many wins as losses.
  const region = passRegion(3, (onlyBaseline, onlyCandidate) => onlyCandidate >= onlyBaseline);
  expect(region).toEqual([0, 1]);
  // By hand, with shares of ¼ and ¼: no loss (27/64), one loss and one or two wins (3·2·¼·¼·½ + 3·¼·(¼)²).
  expect(passRate(3, region, { baselineRate: 0.25, candidateRate: 0.25 })).toBeCloseTo(27 / 64 + 12 / 64 + 3 / 64, 12);
});

test("comes to what the normal distribution says of many items", () => {
  const region = passRegion(2000, (onlyBaseline, onlyCandidate) => onlyCandidate > onlyBaseline);
  const deviation = Math.sqrt(2000 * (0.11 - 0.01 ** 2));
  const rate = passRate(2000, region, { baselineRate: 0.06, candidateRate: 0.05 });
  expect(rate).toBeCloseTo(normalCdf((-20 - 0.5) / deviation), 2);
});
