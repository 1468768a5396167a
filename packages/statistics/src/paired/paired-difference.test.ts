import { describe, expect, test } from "vitest";
import { pairedDifference } from "./paired-difference.ts";
import { pairedProportionPValue } from "./paired-proportion-test.ts";
import { passRate, passRegion } from "./pass-rate.ts";

test("R's t.test of `sleep`, paired: 0.70 to 2.46 hours", () => {
  const baseline = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2];
  const candidate = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
  const { estimate, lower, upper } = pairedDifference({ baseline, candidate, bounds: [-Infinity, Infinity] });
  expect(estimate).toBeCloseTo(1.58, 9);
  expect(lower).toBeCloseTo(0.7001142367, 8);
  expect(upper).toBeCloseTo(2.4598857633, 8);
});

test("of airway hyper-responsiveness, is near Tango's −0.517 to −0.026, and no narrower by much", () => {
  const baseline = [1, ...Array<number>(7).fill(1), 0, ...Array<number>(12).fill(0)];
  const candidate = [1, ...Array<number>(7).fill(0), 1, ...Array<number>(12).fill(0)];
  const { estimate, lower, upper } = pairedDifference({ baseline, candidate });
  expect(estimate).toBeCloseTo(-6 / 21, 12);
  expect(Math.abs(lower + 0.517)).toBeLessThan(0.03);
  expect(Math.abs(upper + 0.026)).toBeLessThan(0.03);
});

test("is the same in the mirror", () => {
  const baseline = [1, 0, 1, 1, 0, 1, 1, 1, 0, 1];
  const candidate = [1, 1, 1, 1, 0, 1, 0, 1, 1, 1];
  const there = pairedDifference({ baseline, candidate });
  const back = pairedDifference({ baseline: candidate, candidate: baseline });
  expect(back.lower).toBeCloseTo(-there.upper, 7);
  expect(back.upper).toBeCloseTo(-there.lower, 7);
});

describe("covers at the nominal rate, summed over all that can be seen", () => {
  // Coverage is what neither one-sided test at 2.5 % rejects when the hypothesis is true.
  const coverage = (items: number, baselineRate: number, candidateRate: number): number => {
    const difference = candidateRate - baselineRate;
    const tooHigh = passRegion(
      items,
      (onlyBaseline, onlyCandidate) =>
        pairedProportionPValue({ items, onlyBaseline, onlyCandidate }, difference) <= 0.025,
    );
    const tooLow = passRegion(
      items,
      (onlyCandidate, onlyBaseline) =>
        pairedProportionPValue({ items, onlyBaseline: onlyCandidate, onlyCandidate: onlyBaseline }, -difference) <=
        0.025,
    );
    return (
      1 -
      passRate(items, tooHigh, { baselineRate, candidateRate }) -
      passRate(items, tooLow, { baselineRate: candidateRate, candidateRate: baselineRate })
    );
  };

  test.each([
    [100, 0.05, 0.02],
    [100, 0.1, 0.1],
    [150, 0.12, 0.09],
    [200, 0.01, 0.06],
    [200, 0.2, 0.17],
  ])("%d items, shares of %d and %d discordant", (items, baselineRate, candidateRate) => {
    const held = coverage(items, baselineRate, candidateRate);
    expect(held).toBeGreaterThan(0.948);
    expect(held).toBeLessThan(0.96);
  });
});
